"""Both services' databases: found wherever the folder is, and refused in words."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import issuer.app
import issuer.database
import registry.app
import registry.database
from issuer.settings import IssuerSettings
from registry.settings import RegistrySettings

BOTH = pytest.mark.parametrize(
    ("module", "migrations"),
    [(issuer.database, issuer.app.MIGRATIONS), (registry.database, registry.app.MIGRATIONS)],
    ids=["issuer", "registry"],
)


@pytest.mark.parametrize("name", ["a?b=c", "%41", "a#b", "a b", "学校"])
@pytest.mark.parametrize("settings", [IssuerSettings, RegistrySettings])
def test_a_folder_of_any_name_holds_its_own_database(
    name: str, settings: type[IssuerSettings] | type[RegistrySettings], tmp_path: Path
) -> None:
    module, app = (issuer.database, issuer.app) if settings is IssuerSettings else (registry.database, registry.app)

    module.open_database(settings(data=tmp_path / name).database_url, migrations=app.MIGRATIONS).dispose()

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [path.suffix for path in (tmp_path / name).iterdir()] == [".sqlite3"]


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        "no url",
        "mysql://somebody:secret@db.example/akashi",
        "sqlite:////proc/nowhere/x.sqlite3",
        "sqlite:////dev/null/x.sqlite3",
        "sqlite:///{file}",
        "postgresql://somebody:secret@127.0.0.1:1/akashi",
    ],
)
def test_a_database_that_cannot_be_opened_is_named_without_its_address(
    url: str, module: ModuleType, migrations: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.sqlite3"
    other.write_text("this is no database" * 100)

    with pytest.raises((module.UnusableDatabaseError, OSError)) as refused:
        module.open_database(url.format(file=other), migrations=migrations)

    assert "secret" not in str(refused.value)


@BOTH
def test_a_missing_driver_is_named(module: ModuleType, migrations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(module.UnusableDatabaseError, match="extra `postgresql`"):
        module.open_database("postgresql://somebody@127.0.0.1:1/akashi", migrations=migrations)
