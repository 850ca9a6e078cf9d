"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.needs import missing

# How long one example takes says how busy the machine is, not how good the code is.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test vectors and skill standards, outside this repository."""
    folder = Path(os.environ.get("AKASHI_SHARED") or Path(__file__).parents[2] / "shared")  # noqa: TID251 - a test's setting
    if not folder.is_dir():
        missing(f"the shared test material, which is not at {folder}; set AKASHI_SHARED")
    return folder
