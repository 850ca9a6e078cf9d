"""The tables of the public book. Moments are texts in UTC, ISO 8601, so that both databases keep them alike."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

accreditors = Table(
    "accreditor",
    metadata,
    Column("did", String(2048), primary_key=True),
    Column("name", Text, nullable=False),
)

providers = Table(
    "provider",
    metadata,
    Column("did", String(2048), primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("name_ja", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("domain", String(255), nullable=False),
    Column("time_zone", String(64), nullable=False),
)

provider_keys = Table(
    "provider_key",
    metadata,
    Column("id", String(2100), primary_key=True),
    Column("provider", ForeignKey("provider.did"), nullable=False, index=True),
    Column("jwk", Text, nullable=False),
    Column("valid_from", String(20), nullable=False),
    Column("valid_until", String(20)),
    Column("revoked", String(20)),
)

accreditations = Table(
    "accreditation",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("provider", ForeignKey("provider.did"), nullable=False, index=True),
    Column("accreditor", ForeignKey("accreditor.did"), nullable=False),
    Column("credential", Text, nullable=False),
)

suspensions = Table(
    "suspension",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("provider", ForeignKey("provider.did"), nullable=False, index=True),
    Column("valid_from", String(20), nullable=False),
    Column("valid_until", String(20)),
)

snapshots = Table(
    "snapshot",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("jws", Text, nullable=False),
)
