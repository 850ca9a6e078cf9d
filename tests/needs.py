"""What a test cannot do without: where it is missing, the test is skipped; in CI, where nothing may be, it fails."""

import os
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """End the test, or the module of tests, that asks: skipped, or in CI failed, with what it needs."""
    if os.environ.get("CI") == "true":  # noqa: TID251 - CI must have it
        pytest.fail(f"needs {what}", pytrace=False)
    pytest.skip(f"needs {what}", allow_module_level=True)


def package(name: str) -> ModuleType:
    """Return a module of the development packages, which not every machine can install."""
    with suppress(ImportError):
        return import_module(name)
    missing(f"the Python package of {name} (requirements-dev.lock has it)")
