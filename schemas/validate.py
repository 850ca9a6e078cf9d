"""A credential against the JSON Schema of its kind: where it breaks which rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import jsonschema
import jsonschema_rs
import orjson
from referencing import Registry, Resource

from schemas.formats import FORMATS

FOLDER = Path(__file__).parent / "json-schema"
MAX_VIOLATIONS = 20  # what a person can act on; a hostile document could yield thousands
# A badge has some hundred values. Both libraries build the error of every branch for every value before they name one,
# at up to 80 microseconds each: half a minute for a list of a megabyte.
MAX_EXPLAINED = 1_000
VCDM_1 = "https://www.w3.org/2018/credentials/v1"


@dataclass(frozen=True)
class Violation:
    """One broken rule: where (JSON Pointer), and which, in English."""

    pointer: str
    message: str


def violations(credential: Mapping[str, object]) -> list[Violation]:
    """Return what breaks the schema of the credential's kind, at most `MAX_VIOLATIONS`; empty for a sound one.

    The kind follows from `@context` and `type`: a badge, an endorsement, any other VCDM 2.0 credential, VCDM 1.1.
    """
    kind = _kind(credential)
    if _deciding(kind).is_valid(credential):
        return []
    if _has_more_values(credential, MAX_EXPLAINED):
        return [Violation("", "breaks its schema, and is too large to say where")]
    found = _explaining(kind).iter_errors(credential)
    listed = [_violation(error) for error, _ in zip(found, range(MAX_VIOLATIONS), strict=False)]
    # The two libraries could disagree; then the stricter one decides, without an explanation.
    return listed or [Violation("", "the credential does not have the form of its schema")]


def _has_more_values(value: object, limit: int) -> bool:
    pending, seen = [value], 0
    while pending and seen <= limit:
        value = pending.pop()
        seen += 1
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return seen > limit


def _kind(credential: Mapping[str, object]) -> str:
    contexts, types = _words(credential.get("@context")), _words(credential.get("type"))
    if VCDM_1 in contexts:
        return "vcdm_1_credential"
    if {"OpenBadgeCredential", "AchievementCredential"} & types:
        return "ob_v3p0_achievementcredential"
    if "EndorsementCredential" in types:
        return "ob_v3p0_endorsementcredential"
    return "vcdm_2_credential"


def _words(value: object) -> set[str]:
    return {word for word in value if isinstance(word, str)} if isinstance(value, list) else {str(value)}


@cache
def _schema(kind: str) -> dict[str, Any]:
    return cast("dict[str, Any]", orjson.loads((FOLDER / f"{kind}_schema.json").read_bytes()))


@cache
def _deciding(kind: str) -> Any:  # noqa: ANN401 - the library has no types
    achievement = _schema("ob_v3p0_achievementcredential")
    registry = jsonschema_rs.Registry([(achievement["$id"], achievement)])
    return jsonschema_rs.Draft201909Validator(
        _schema(kind), validate_formats=True, formats=dict(FORMATS), registry=registry
    )


@cache
def _explaining(kind: str) -> jsonschema.Draft201909Validator:
    achievement = _schema("ob_v3p0_achievementcredential")
    registry: Registry[Any] = Registry().with_resource(achievement["$id"], Resource.from_contents(achievement))
    checker = jsonschema.FormatChecker(formats=())
    for name in (*FORMATS, "uri"):
        checker.checks(name)(partial(_has_format, name))
    validator: jsonschema.Draft201909Validator = _Explaining(_schema(kind), registry=registry, format_checker=checker)
    return validator


def _additional_properties(
    validator: Any,  # noqa: ANN401 - the library has no types
    rule: object,
    instance: object,
    schema: Mapping[str, Any],
) -> Iterator[jsonschema.ValidationError]:
    """Look at further members in their own order: the library's own rule takes another one in every process."""
    if not isinstance(instance, dict):
        return
    extras = {name: value for name, value in instance.items() if name not in schema.get("properties", {})}
    if rule is False and extras:
        yield jsonschema.ValidationError("has further members")
    elif isinstance(rule, dict):
        for name, value in extras.items():
            yield from validator.descend(value, rule, path=name)


def _properties(
    validator: Any,  # noqa: ANN401 - the library has no types
    rule: Mapping[str, Any],
    instance: object,
    _schema: Mapping[str, Any],
) -> Iterator[jsonschema.ValidationError]:
    """Name the place of a member that must not be there: the library's own rule names that of the object around it."""
    if not isinstance(instance, dict):
        return
    for name, schema in rule.items():
        if name in instance and schema is False:
            yield jsonschema.ValidationError("must not be there", validator="false", path=(name,))
        elif name in instance:
            yield from validator.descend(instance[name], schema, path=name)


_Explaining: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # the library has no types
    jsonschema.Draft201909Validator, {"additionalProperties": _additional_properties, "properties": _properties}
)


def _has_format(name: str, value: object) -> bool:
    """Return what the deciding library says."""
    return bool(_format(name).is_valid(value))


@cache
def _format(name: str) -> Any:  # noqa: ANN401 - the library has no types
    return jsonschema_rs.Draft201909Validator({"format": name}, validate_formats=True, formats=dict(FORMATS))


def _violation(error: jsonschema.ValidationError) -> Violation:
    # The message of a oneOf quotes the whole value, the sender's text; the deepest cause says more in fewer words.
    while error.context:
        error = max(error.context, key=lambda cause: len(cause.absolute_path))
    rule = f"breaks the rule '{error.validator}'"
    if error.validator == "required":
        required, present = cast("list[str]", error.validator_value), cast("dict[str, object]", error.instance)
        missing = [name for name in required if name not in present]
        rule = f"lacks {', '.join(missing)}"
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path)
    return Violation(pointer, rule)
