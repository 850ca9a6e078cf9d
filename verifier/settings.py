"""What an operator decides, read once from `VERIFIER_*`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ORIGIN = r"^https?://[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"
LOCAL_HOST = r"^[a-z0-9.-]+(:[1-9][0-9]{0,4})?$"


class VerifierSettings(BaseSettings):
    """Settings of a verifier.

    Attributes:
        public_url: Where people reach it; badge links made in its pages start with it. Never taken from a request.
        data: A folder for the newest snapshot and the numbers of status lists; nothing in it is about a person.
        registry_url: Where the registry is; "" for none.
        registry_key: The registry's public key as a Multikey (`z…`), which its snapshots must be signed with.
        local_hosts: `host` or `host:port`, separated by commas, that may be read although they are not public.
    """

    model_config = SettingsConfigDict(env_prefix="VERIFIER_", frozen=True, extra="ignore")

    public_url: str = Field(default="http://127.0.0.1:8000", pattern=ORIGIN)
    data: Path = Path("data/verifier")
    registry_url: str = Field(default="", pattern=rf"^$|{ORIGIN}")
    registry_key: str = Field(default="", max_length=200)
    local_hosts: Annotated[frozenset[Annotated[str, Field(pattern=LOCAL_HOST)]], NoDecode] = frozenset()

    @field_validator("local_hosts", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Take a list with commas, as environment variables have it."""
        return frozenset(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
