"""The first tables: providers, clients, achievements, status lists, awards, offers."""

import sqlalchemy as sa
from alembic import op

revision = "i0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("did", sa.String(2048), nullable=False, unique=True),
        sa.Column("name_ja", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("provider", sa.String(64), sa.ForeignKey("provider.slug"), nullable=False, index=True),
        sa.Column("secret_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("expires", sa.String(20), nullable=False),
    )
    op.create_table(
        "achievement",
        sa.Column("provider", sa.String(64), sa.ForeignKey("provider.slug"), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("retired", sa.String(20)),
    )
    op.create_table(
        "status_list",
        sa.Column("provider", sa.String(64), sa.ForeignKey("provider.slug"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("slot_key", sa.LargeBinary(32), nullable=False),
        sa.Column("next_counter", sa.Integer, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("valid_from", sa.String(20)),
        sa.Column("keys", sa.String(40)),
        sa.Column("data_integrity", sa.Text),
        sa.Column("vc_jwt", sa.Text),
    )
    op.create_table(
        "award",
        sa.Column("credential_id", sa.String(45), primary_key=True),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("achievement", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("list", sa.Integer, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("keys", sa.String(40), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("award_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("revoked", sa.String(20)),
        sa.Column("reason", sa.String(40)),
        sa.ForeignKeyConstraint(
            ["provider", "achievement", "version"], ["achievement.provider", "achievement.id", "achievement.version"]
        ),
        sa.ForeignKeyConstraint(["provider", "list"], ["status_list.provider", "status_list.number"]),
        sa.UniqueConstraint("provider", "key_digest", name="award_key"),
        sa.UniqueConstraint("provider", "list", "slot", name="award_slot"),
    )
    op.create_table(
        "offer",
        sa.Column("token_digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("achievement", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("level", sa.String(100), nullable=False),
        sa.Column("expires", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider", "achievement", "version"], ["achievement.provider", "achievement.id", "achievement.version"]
        ),
    )
