"""What an operator decides, read once from `REGISTRY_*`."""

from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ORIGIN = r"^https?://[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"


class RegistrySettings(BaseSettings):
    """Settings of a registry.

    Attributes:
        public_url: Where the world reads it; the addresses of frameworks and snapshots begin with it.
        data: A folder for the database and the keys.
        database: An SQLAlchemy URL; "" for SQLite in `data`.
        key_encryption_key: What seals the private keys: base64 of 32 bytes; it goes before a file.
        key_encryption_key_file: A file that holds it; else `key-encryption-key` in `data`, made on first use.
    """

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    data: Path = Path("data")
    database: str = ""
    key_encryption_key: SecretStr = SecretStr("")
    key_encryption_key_file: Path | None = None

    @property
    def database_url(self) -> str:
        """The database's URL."""
        # Quoted, because a folder's name may hold what a URL reads otherwise: a question mark, a percent sign.
        return self.database or f"sqlite:///{quote(str(self.data / 'registry.sqlite3'))}"

    @property
    def key_encryption_key_path(self) -> Path:
        """The file that seals the snapshot key."""
        return self.key_encryption_key_file or self.data / "key-encryption-key"
