"""Every route of every service, found in the services themselves, keeps its word on strange requests."""

import argparse
import re
from collections.abc import Iterator

import pytest

from akashi.cli import parser
from tests.akashi.test_arguments import COMMANDS
from tests.issuer.making import School, school
from tests.issuer.test_bad_input import CANARY, GOOD

STRANGE = ["%00", "%ff", "..%2f..", "-1", "9" * 400, "%F0%9F%8F%AB", "%0d%0aX-Evil:1", CANARY, "'\"<script>", " "]
QUERIES = ["?lang=" + CANARY, "?lang=%00", "?lang=ja&lang=en", "?" + "a" * 4_000]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> School:
    return school(tmp_path_factory.mktemp("doors"))


def doors(house: School) -> Iterator[tuple[str, str]]:
    """Methods and paths, parameters in braces."""
    for included in house.house.application().routes:
        for route in (
            getattr(included, "original_router", included).routes if hasattr(included, "original_router") else ()
        ):
            yield from ((method, route.path) for method in route.methods)


def test_every_route_that_reads_a_body_has_its_tests(house: School) -> None:
    reading = {path for method, path in doors(house) if method == "POST"} - {"/v1/verify", "/check"}

    templates = {path: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for path in reading}
    assert {path for path, one in templates.items() if not any(map(one.fullmatch, GOOD))} == set()
    assert len(reading) == len(GOOD)


def test_no_path_query_or_method_makes_a_route_crash_or_repeat_it(house: School) -> None:
    paths = sorted({path for _, path in doors(house)})
    assert len(paths) > 25

    for path in paths:
        for value in STRANGE if "{" in path else [""]:
            asked = re.sub(r"\{[^}]*\}", value, path)
            for tail in ["", *QUERIES] if value in {"", CANARY} else [""]:
                answer = house.send("GET", asked + tail)
                assert answer.status_code < 500, asked + tail
                assert CANARY not in answer.text, asked + tail
                assert "x-evil" not in answer.headers


def test_a_method_that_a_route_has_not_is_answered_with_those_that_it_has(house: School) -> None:
    known: dict[str, set[str]] = {}
    for method, path in doors(house):
        known.setdefault(path, set()).add(method)

    for path, methods in known.items():
        asked = re.sub(r"\{[^}]*\}", "1", path)
        for method in METHODS:
            answer = house.send(method, asked, None)
            assert answer.status_code < 500, (method, asked)
            if method not in methods | {"HEAD", "OPTIONS"}:
                assert answer.status_code == 405, (method, asked, answer.status_code)
                assert set(re.split(", *", answer.headers["allow"])) <= methods, (method, asked)


def leaves(command: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command in full."""
    below = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield " ".join(words)
    for action in below:
        for name, one in action.choices.items():
            yield from leaves(one, (*words, name))


def test_every_command_is_given_strange_arguments() -> None:
    assert [one for one in leaves(parser()) if not any(tried.startswith(f"{one} ") for tried in COMMANDS)] == []
