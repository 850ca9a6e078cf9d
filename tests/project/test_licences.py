"""Nobody who runs Akashi takes on the terms of a GPL."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

LOCK = Path(__file__).parents[2] / "requirements.lock"
PACKAGES = re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==", LOCK.read_text(), re.MULTILINE)


def licences(package: str) -> str:
    """All that a package says of its licence."""
    said = metadata(package)
    return " ".join(
        [said.get("License-Expression", ""), said.get("License", ""), *said.get_all("Classifier", failobj=[])]
    )


def test_the_driver_that_is_no_part_of_the_product_would_be_found() -> None:
    assert "LGPL" in licences("psycopg")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_part_of_the_product_is_under_a_gpl(package: str) -> None:
    assert not re.search(r"\b[AL]?GPL|General Public", licences(package))
