"""What an operator decides, read once from `VERIFIER_*`."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ORIGIN = r"^https?://[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"
LOCAL_HOST = r"^[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"


class VerifierSettings(BaseSettings):
    """Settings of a verifier.

    Attributes:
        public_url: Where people reach it; badge links made in its pages start with it. Never taken from a request.
        data: A folder for the newest snapshot, the numbers of status lists, and the database; nothing in it that we
            can read is about a person.
        database: An SQLAlchemy URL of the database of shares; "" for SQLite in `data`.
        shares_per_day: How many shares may be made on one day in all, for each process; 0 for any number.
        shares_per_address: The same for one client at a public address.
        registry_url: Where the registry is; "" for none.
        registry_key: The registry's public key as a Multikey (`z…`), which its snapshots must be signed with.
        local_hosts: `host` or `host:port`, separated by commas, that may be read although they are not public.
    """

    model_config = SettingsConfigDict(env_prefix="VERIFIER_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    data: Path = Path("data/verifier")
    database: str = ""
    shares_per_day: int = Field(default=2_000, ge=0)
    shares_per_address: int = Field(default=100, ge=0)
    registry_url: str = Field(default="", pattern=rf"^$|{ORIGIN}")
    registry_key: str = Field(default="", max_length=200)
    local_hosts: Annotated[frozenset[Annotated[str, Field(pattern=LOCAL_HOST)]], NoDecode] = frozenset()

    @property
    def database_url(self) -> str:
        """The database's URL."""
        # Quoted, because a folder's name may hold what a URL reads otherwise: a question mark, a percent sign.
        return self.database or f"sqlite:///{quote(str(self.data / 'shares.sqlite3'))}"

    @field_validator("local_hosts", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Take a list with commas, as environment variables have it."""
        return frozenset(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
