"""What an operator decides, read once from `ISSUER_*`."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ORIGIN = r"^https?://[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"


class IssuerSettings(BaseSettings):
    """Settings of an issuer.

    Attributes:
        public_url: Where the world reads it; the addresses of achievements and status lists begin with it.
        data: A folder for the database, the keys and the newest snapshot.
        database: An SQLAlchemy URL; "" for SQLite in `data`.
        key_encryption_key: What seals the private keys: base64 of 32 bytes; it goes before a file.
        key_encryption_key_file: A file that holds it; else `key-encryption-key` in `data`, made on first use.
        vc_jwt_algorithm: With what new keys sign VC-JWTs; takes effect with `akashi keys rotate`.
        verifier_url: Which verifier badge links lead to.
        verifiers: Origins, separated by commas, whose page "My badges" may receive badges from the claim page; the
            first is the one that it offers itself. `verifier_url` alone if not given.
        registry_url: Which registry is asked who may issue what; its framework addresses stand in achievements.
        registry_key: The registry's public key as a Multikey (`z…`), which its snapshots must be signed with.
    """

    model_config = SettingsConfigDict(env_prefix="ISSUER_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    data: Path = Path("data")
    database: str = ""
    key_encryption_key: SecretStr = SecretStr("")
    key_encryption_key_file: Path | None = None
    vc_jwt_algorithm: Literal["ES256", "EdDSA", "RS256"] = "ES256"
    verifier_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    verifiers: Annotated[tuple[Annotated[str, Field(pattern=ORIGIN)], ...], NoDecode] = ()
    registry_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    registry_key: str = Field(default="", max_length=200)

    @field_validator("verifiers", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Take a list with commas, as environment variables have it."""
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @property
    def receivers(self) -> tuple[str, ...]:
        """The verifiers that the claim page hands badges over to."""
        return self.verifiers or (self.verifier_url,)

    @property
    def database_url(self) -> str:
        """The database's URL."""
        # Quoted, because a folder's name may hold what a URL reads otherwise: a question mark, a percent sign.
        return self.database or f"sqlite:///{quote(str(self.data / 'issuer.sqlite3'))}"

    @property
    def key_encryption_key_path(self) -> Path:
        """The file that seals the keys."""
        return self.key_encryption_key_file or self.data / "key-encryption-key"
