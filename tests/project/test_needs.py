"""A test that lacks something is skipped on a developer's machine, and fails where nothing may be missing."""

import json

import pytest

from tests.needs import missing, package


@pytest.mark.parametrize(("setting", "ending"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_what_is_missing_skips_a_test_and_fails_it_in_ci(
    setting: str, ending: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", setting)

    with pytest.raises(ending, match="needs a telescope"):
        missing("a telescope")
    with pytest.raises(ending, match="needs the Python package of telescope"):
        package("telescope.lens")


def test_what_is_there_is_returned() -> None:
    assert package("json") is json
