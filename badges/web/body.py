"""Request bodies: bounded, of the right type, strictly parsed."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from badges import strict_json
from badges.errors import BadgeError
from badges.web.problems import FieldError, Problem

M = TypeVar("M", bound=BaseModel)

MAX_JSON_BYTES = 1_048_576
MAX_DRAINED_BYTES = 16 * 1_048_576
MAX_FIELD_ERRORS = 20
NAMEABLE = re.compile(r"[A-Za-z$@_][A-Za-z0-9_-]{0,39}")
"""Members that a pointer may name: anything else could be somebody's address in the wrong place."""

NOTHING = object()
"""Where a location leads nowhere; None is a value that JSON has."""

CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "literal_error": "not-one-of",
    "enum": "not-one-of",
    "string_too_short": "too-short",
    "too_short": "too-short",
    "string_too_long": "too-long",
    "too_long": "too-long",
    "greater_than": "out-of-range",
    "greater_than_equal": "out-of-range",
    "less_than": "out-of-range",
    "less_than_equal": "out-of-range",
    "string_pattern_mismatch": "wrong-form",
}
"""Error types of pydantic → our stable codes."""


class Body(BaseModel):
    """A part of a request: camelCase, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True)


async def read_body(request: Request, *, limit: int, media_types: Collection[str]) -> bytes:
    """Return the whole body, in memory.

    Raises:
        Problem: 415 for another media type or a content encoding, 413 for more than `limit` bytes.
    """
    require_media_type(request, media_types)
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > limit + MAX_DRAINED_BYTES:
            break
        # What is too long is read on and dropped: a client that is still sending when the connection closes never
        # sees the answer.
        if length <= limit:
            body += chunk
        else:
            body.clear()
    if length > limit:
        raise too_large(limit)
    return bytes(body)


def require_media_type(request: Request, media_types: Collection[str]) -> None:
    """Refuse a body of a type that the route does not read."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in media_types or encoding != "identity":
        allowed = ", ".join(sorted(media_types))
        raise Problem(415, "unsupported-media-type", headers={"Accept": allowed}, allowed=allowed)


def too_large(limit: int) -> Problem:
    """Return the answer to a body of more than `limit` bytes."""
    return Problem(413, "body-too-large", limit=f"{limit:,}")


async def read_json(request: Request, model: type[M], *, limit: int = MAX_JSON_BYTES) -> M:
    """Return the JSON body as a model, validated strictly.

    A validator of a model may raise `PydanticCustomError` with a kebab-case type: that is its `field.<code>`, and its
    context gives the parameters.

    Raises:
        Problem: 415, 413; 400 `malformed-json` with the code of the fault; 422 `invalid-fields` with a JSON Pointer
            for each wrong member.
    """
    data = await read_body(request, limit=limit, media_types={"application/json"})
    try:
        value = strict_json.parse(data, max_bytes=limit)
    except BadgeError as error:
        fault = FieldError(nameable(error.pointer), error.code, error.params)
        raise Problem(400, "malformed-json", errors=[fault]) from error
    return validated(value, model)


def validated(value: object, model: type[M]) -> M:
    """Return parsed JSON as a model.

    Raises:
        Problem: 422 `invalid-fields`.
    """
    try:
        # By way of JSON, because strict validation of Python objects refuses lists as tuples and strings as enums.
        return model.model_validate_json(strict_json.dump(value), strict=True)
    except ValidationError as error:
        raise Problem(422, "invalid-fields", errors=field_errors(error, value)) from None


def field_errors(error: ValidationError, value: object) -> list[FieldError]:
    """Return what pydantic found, in our codes, without a trace of the input."""
    found: dict[tuple[str, str], FieldError] = {}
    for detail in error.errors(include_url=False, include_input=False):
        pointer = pointer_to(detail["loc"], value, missing=detail["type"] == "missing")
        one = field_error(pointer, detail["type"], detail.get("ctx", {}))
        found.setdefault((one.pointer, one.code), one)
    return list(found.values())[:MAX_FIELD_ERRORS]


def field_error(pointer: str, kind: str, context: Mapping[str, object]) -> FieldError:
    """Return one finding of pydantic in our words."""
    if "-" in kind:
        return FieldError(pointer, kind, {name: str(value) for name, value in context.items()})
    if kind in {"literal_error", "enum"}:
        return FieldError(pointer, "not-one-of", {"expected": str(context.get("expected", ""))})
    if kind in CODES:
        return FieldError(pointer, CODES[kind])
    return FieldError(pointer, "wrong-type" if kind.endswith(("_type", "_parsing")) else "invalid")


def pointer_to(location: Sequence[str | int], value: object, *, missing: bool) -> str:
    """Return the JSON Pointer of a location, which may also name branches of a union that no body has.

    Source: RFC 6901 §3; a member that is not `NAMEABLE` ends the pointer.
    """
    parts: list[str] = []
    for step in location:
        held = member(value, step)
        if held is NOTHING and not (missing and step == location[-1]):
            continue
        if isinstance(step, str) and not NAMEABLE.fullmatch(step):
            break
        parts.append(str(step))
        value = held
    return "".join(f"/{part}" for part in parts)


def nameable(pointer: str) -> str:
    """Return a JSON Pointer up to the first member that it may not name."""
    kept = takewhile(lambda step: step.isdecimal() or NAMEABLE.fullmatch(step), pointer.split("/")[1:])
    return "".join(f"/{step}" for step in kept)


def member(value: object, step: str | int) -> object:
    """Return the member of an object or the element of an array; `NOTHING` where there is none."""
    match value, step:
        case dict(), str():
            return value.get(step, NOTHING)
        case list(), int() if step < len(value):
            return value[step]
    return NOTHING


def json_body(model: type[BaseModel]) -> dict[str, object]:
    """Return the `openapi_extra` of a route that reads this model by `read_json`."""
    # The $id makes the schema a document of its own, so that its "#/$defs/…" references stay inside it.
    schema = {"$id": f"urn:akashi:{model.__name__}", **model.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
