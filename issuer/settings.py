"""What an operator decides, read once from `ISSUER_*`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ORIGIN = r"^https?://[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"


class IssuerSettings(BaseSettings):
    """Settings of an issuer.

    Attributes:
        public_url: Where the world reads it; the addresses of achievements and status lists begin with it.
        data: A folder for the database, the keys and the newest snapshot.
        database: An SQLAlchemy URL; "" for SQLite in `data`.
        key_encryption_key_file: What seals the providers' keys; "" for `key-encryption-key` in `data`, made on first
            use.
        verifier_url: Which verifier badge links lead to.
        registry_url: Which registry is asked who may issue what; its framework addresses stand in achievements.
        registry_key: The registry's public key as a Multikey (`z…`), which its snapshots must be signed with.
    """

    model_config = SettingsConfigDict(env_prefix="ISSUER_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    data: Path = Path("data")
    database: str = ""
    key_encryption_key_file: Path | None = None
    verifier_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    registry_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    registry_key: str = Field(default="", max_length=200)

    @property
    def database_url(self) -> str:
        """The database's URL."""
        return self.database or f"sqlite:///{self.data / 'issuer.sqlite3'}"

    @property
    def key_encryption_key_path(self) -> Path:
        """The file that seals the keys."""
        return self.key_encryption_key_file or self.data / "key-encryption-key"
