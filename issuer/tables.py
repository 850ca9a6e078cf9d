"""The tables of a provider's register. No table has a place for a person, a holder's key or a credential."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

providers = Table(
    "provider",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("did", String(2048), nullable=False, unique=True),
    Column("name_ja", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
)

clients = Table(
    "client",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("provider", ForeignKey("provider.slug"), nullable=False, index=True),
    Column("secret_digest", LargeBinary(32), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("expires", String(20), nullable=False),
)

achievements = Table(
    "achievement",
    metadata,
    Column("provider", ForeignKey("provider.slug"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", Text, nullable=False),
    Column("retired", String(20)),
)

status_lists = Table(
    "status_list",
    metadata,
    Column("provider", ForeignKey("provider.slug"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("slot_key", LargeBinary(32), nullable=False),
    Column("next_counter", Integer, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("valid_from", String(20)),
    Column("keys", String(40)),
    Column("data_integrity", Text),
    Column("vc_jwt", Text),
)

awards = Table(
    "award",
    metadata,
    Column("credential_id", String(45), primary_key=True),
    Column("provider", String(64), nullable=False),
    Column("achievement", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("list", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("day", String(10), nullable=False),
    Column("keys", String(40), nullable=False),
    Column("key_digest", LargeBinary(32), nullable=False),
    Column("award_digest", LargeBinary(32), nullable=False),
    Column("revoked", String(20)),
    Column("reason", String(40)),
    ForeignKeyConstraint(
        ["provider", "achievement", "version"], ["achievement.provider", "achievement.id", "achievement.version"]
    ),
    ForeignKeyConstraint(["provider", "list"], ["status_list.provider", "status_list.number"]),
    UniqueConstraint("provider", "key_digest", name="award_key"),
    UniqueConstraint("provider", "list", "slot", name="award_slot"),
)

offers = Table(
    "offer",
    metadata,
    Column("token_digest", LargeBinary(32), primary_key=True),
    Column("provider", String(64), nullable=False),
    Column("achievement", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("level", String(100), nullable=False),
    Column("expires", String(20), nullable=False),
    ForeignKeyConstraint(
        ["provider", "achievement", "version"], ["achievement.provider", "achievement.id", "achievement.version"]
    ),
)
