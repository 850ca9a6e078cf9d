"""A web for tests: pages by URL, and what was asked for."""

from collections.abc import Mapping
from pathlib import Path

from verifier.web import MapWeb, UnreachableError


class FakeWeb(MapWeb):
    """Pages by URL; `asked` names every URL that was asked for, and every other URL is refused with `code`."""

    def __init__(self, pages: Mapping[str, Path | bytes] | None = None, code: str = "no-answer") -> None:
        super().__init__(pages or {})
        self.code = code

    @property
    def asked(self) -> list[str]:
        return self.fetched

    def get(self, url: str, *, accept: str) -> bytes:
        try:
            return super().get(url, accept=accept)
        except UnreachableError as error:
            raise UnreachableError(self.code if error.code == "not-served" else error.code) from error
