"""How the issuer answers over HTTP: what was done as JSON, what was refused as a problem."""

from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response

from badges import strict_json
from badges.credential import Mechanism
from badges.formats.qr import badge_link
from badges.web.problems import FieldError, Problem
from issuer.achievements import InvalidAchievementError
from issuer.issuing import Issued, RefusedError
from issuer.providers import KeyEndedError
from issuer.store import DuplicateError, UnknownAchievementError, UnknownCredentialError

T = TypeVar("T")

REFUSAL_STATUS = {"signing-key-retired": 409, "not-accredited": 403}
"""Every other refusal is 422: the request is at fault."""


def entered(action: Callable[[], T]) -> T:
    """Return what an action gives.

    Raises:
        Problem: It was refused.
    """
    try:
        return action()
    except RefusedError as error:
        raise problem_of(error) from error
    except InvalidAchievementError as error:
        errors = [FieldError(fault.pointer, fault.code, fault.params) for fault in error.faults]
        raise Problem(422, "invalid-fields", errors=errors) from error
    except DuplicateError as error:
        raise Problem(409, "already-there") from error
    except UnknownAchievementError as error:
        raise Problem(404, "unknown-achievement") from error
    except UnknownCredentialError as error:
        raise Problem(404, "unknown-credential") from error
    except KeyEndedError as error:
        raise Problem(503, "no-signing-key") from error


def problem_of(refused: RefusedError) -> Problem:
    """Return a refusal as an answer that names the member."""
    status = REFUSAL_STATUS.get(refused.code)
    if status is None:
        return Problem(422, "invalid-fields", errors=[FieldError(refused.pointer, refused.code, refused.params)])
    return Problem(status, refused.code, errors=(), headers=None, **refused.params)


def issued_json(issued: Issued, verifier: str) -> dict[str, object]:
    """Return what the provider's program gets: the only copy, and the link that opens it.

    Args:
        issued: The badge.
        verifier: The address that badge links begin with.
    """
    return {
        "id": issued.id,
        "credentials": {str(mechanism): text for mechanism, text in issued.texts.items()},
        "link": badge_link(issued.texts[Mechanism.VC_JWT], verifier),
    }


def answer(content: dict[str, object], status: int = 200) -> Response:
    """Return JSON."""
    return Response(strict_json.dump(content), status, media_type="application/json")
