"""What stands twice because no service imports another is the same in both places."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_service_opens_its_database_alike() -> None:
    copies = {(ROOT / service / "database.py").read_text() for service in ("issuer", "registry", "verifier")}

    assert len(copies) == 1
