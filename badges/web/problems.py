"""Errors as people and programs read them: problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from badges import strict_json
from badges.web.catalogue import Catalogue
from badges.web.language import Language, language_of

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """One member of a body that is wrong: where, and which `field.<code>` text says why."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 (RFC 9457 calls it so)
    """A request that we answer with an error.

    The texts are `problem.<code>.title`, `problem.<code>.detail` and `field.<code>` of the catalogue. Parameters
    are values of ours (a limit, a known name), never what the client sent: nothing is echoed.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **params: str,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.params = params

    def title(self, catalogue: Catalogue, language: Language) -> str:
        """Return the one-line summary."""
        return catalogue.text(language, f"problem.{self.code}.title", **self.params)

    def detail(self, catalogue: Catalogue, language: Language) -> str:
        """Return what happened and what to do about it."""
        return catalogue.text(language, f"problem.{self.code}.detail", **self.params)

    def to_json(self, catalogue: Catalogue, language: Language) -> dict[str, object]:
        """Return the problem document; `type` is relative to the service that answers.

        Source: RFC 9457 §3 (#name-the-problem-details-json-ob).
        """
        document: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "status": self.status,
            "title": self.title(catalogue, language),
            "detail": self.detail(catalogue, language),
        }
        if self.errors:
            document["errors"] = [
                {
                    "pointer": error.pointer,
                    "code": error.code,
                    "detail": catalogue.text(language, f"field.{error.code}", **error.params),
                }
                for error in self.errors
            ]
        return document


def problem_response(request: Request, problem: Problem, catalogue: Catalogue) -> Response:
    """Return the problem as JSON in the reader's language."""
    language = language_of(request)
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language", **problem.headers}
    body = strict_json.dump(problem.to_json(catalogue, language))
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)
