"""What can be wrong with a credential: a class for each thing that a caller does differently, a code for each rule."""


def escape(token: str) -> str:
    """Return a token of a JSON Pointer (RFC 6901 section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


class BadgeError(Exception):
    """A rule that a credential, or what carries it, has broken.

    Attributes:
        code: Stable, documented name of the rule, such as "duplicate-member".
        pointer: JSON Pointer (RFC 6901) of the place, "" for the whole.
        params: Words for the text that explains it; never a name, address, key or token.
    """

    def __init__(self, code: str, *, pointer: str = "", **params: str) -> None:
        super().__init__(f"{code} at {pointer or 'the top'}")
        self.code = code
        self.pointer = pointer
        self.params = params


class MalformedDocumentError(BadgeError):
    """The bytes are not the JSON, JWS, picture or list that they should be."""


class NoCredentialError(BadgeError):
    """The document is sound, and holds no credential."""


class UnsupportedError(BadgeError):
    """A proof or format that we do not know; it may be good."""


class ShapeError(BadgeError):
    """JSON-LD whose reader and whose signature could disagree."""


class ProofError(BadgeError):
    """The proof is missing, made for something else, or does not verify."""


class ClaimsError(BadgeError):
    """Claims that contradict one another or the standard."""


class UnsafeTextError(BadgeError):
    """Content that other verifiers would compute differently: refused at issue."""
