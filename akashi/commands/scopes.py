"""What an accreditation covers, as options say it: whole skill standards, areas and items of them, highest levels."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace

from akashi.commands.arguments import did_you_mean
from akashi.problems import UsageError
from badges.accreditation import Scope
from schemas.frameworks import Framework, UnknownFrameworkError, UnknownNameError, framework

SCOPE = "dss-p/2.0, or itss/3/itss/4 for levels up to 4"


def add_scopes_to(command: argparse.ArgumentParser) -> None:
    """Add the options that say for what."""
    command.add_argument("--scope", action="append", default=[], help=f"a whole skill standard: {SCOPE}")
    command.add_argument("--item", action="append", default=[], help="an item of one: dss-p/2.0/dssp2-2.2-01")
    command.add_argument("--area", action="append", default=[], help="an area of one: dss-p/2.0/dssp2-2.2")


def scopes_of(chosen: argparse.Namespace) -> list[Scope]:
    """Return the scopes that the options name together.

    Items and areas narrow their skill standard; a highest level that `--scope` gives for it then holds for these alone.

    Raises:
        UsageError: Nothing is named, a name that there is not, or a standard both whole and in parts.
    """
    named = [scope_of(text) for text in chosen.scope]
    items = grouped(chosen.item, "item", lambda standard, name: standard.item(name).id)
    areas = grouped(chosen.area, "area", lambda standard, name: standard.area(name).id)
    narrowed = items.keys() | areas.keys()
    if not named and not narrowed:
        raise UsageError("an accreditation covers something", "give --scope, --item or --area")
    for scope in named:
        if scope.framework in narrowed and scope.scheme is None:
            raise UsageError(f"{scope.framework} stands there whole and in parts", "leave one of them out")
    rest = narrowed - {scope.framework for scope in named}
    return [
        replace(scope, items=items.get(scope.framework, frozenset()), areas=areas.get(scope.framework, frozenset()))
        if scope.framework in narrowed
        else scope
        for scope in (*named, *map(Scope, sorted(rest)))
    ]


def scope_of(text: str) -> Scope:
    """Return the scope that a text names: FRAMEWORK/VERSION, or FRAMEWORK/VERSION/SCHEME/HIGHEST.

    Raises:
        UsageError: There is no such framework or level.
    """
    parts = text.split("/")
    if len(parts) not in {2, 4}:
        raise UsageError(f"{text or 'nothing'} is no scope", f"write {SCOPE}")
    standard = standard_of("/".join(parts[:2]))
    if len(parts) == 2:  # noqa: PLR2004 - framework and version
        return Scope(standard.key)
    try:
        standard.level(parts[2], parts[3])
    except UnknownNameError as error:
        none = f"{standard.key} has no levels: write {standard.key}"
        raise UsageError(f"there is no level {text}", nearest_of(standard, error, otherwise=none)) from error
    return Scope(standard.key, scheme=parts[2], highest=parts[3])


def grouped(texts: Sequence[str], kind: str, find: Callable[[Framework, str], str]) -> dict[str, frozenset[str]]:
    """Return the parts that texts such as FRAMEWORK/VERSION/PART name, by framework.

    Raises:
        UsageError: There is no such framework or part.
    """
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        key, _, name = text.rpartition("/")
        standard = standard_of(key)
        try:
            found[standard.key] = found.get(standard.key, frozenset()) | {find(standard, name)}
        except UnknownNameError as error:
            raise UsageError(f"there is no {kind} {text}", nearest_of(standard, error)) from error
    return found


def standard_of(key: str) -> Framework:
    """Return a skill standard.

    Raises:
        UsageError: There is none of that key.
    """
    try:
        return framework(key)
    except UnknownFrameworkError as error:
        raise UsageError(
            f"there is no skill standard {key or 'without a name'}", did_you_mean(error.suggestion)
        ) from error


def nearest_of(standard: Framework, error: UnknownNameError, *, otherwise: str = "see the registry's pages") -> str:
    """Return the hint that names a part of a skill standard in full."""
    return did_you_mean(error.nearest and f"{standard.key}/{error.suggestion}", otherwise=otherwise)
