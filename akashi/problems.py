"""What a person at the command line did wrong, and what to do about it."""


class UsageError(Exception):
    """A mistake that the person can mend.

    Attributes:
        hint: What to do, in one line.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint
