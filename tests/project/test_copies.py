"""What stands twice because no service imports another is the same in both places."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_issuer_and_registry_open_a_database_alike() -> None:
    assert (ROOT / "issuer/database.py").read_text() == (ROOT / "registry/database.py").read_text()
