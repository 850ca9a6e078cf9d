"""The first tables: accreditors, providers, keys, accreditations, suspensions, snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accreditor",
        sa.Column("did", sa.String(2048), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "provider",
        sa.Column("did", sa.String(2048), primary_key=True),
        sa.Column("slug", sa.String(64), nullable=False, unique=True),
        sa.Column("name_ja", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("domain", sa.String(255), nullable=False),
    )
    op.create_table(
        "provider_key",
        sa.Column("id", sa.String(2100), primary_key=True),
        sa.Column("provider", sa.String(2048), sa.ForeignKey("provider.did"), nullable=False, index=True),
        sa.Column("jwk", sa.Text, nullable=False),
        sa.Column("valid_from", sa.String(20), nullable=False),
        sa.Column("valid_until", sa.String(20)),
        sa.Column("revoked", sa.String(20)),
    )
    op.create_table(
        "accreditation",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String(2048), sa.ForeignKey("provider.did"), nullable=False, index=True),
        sa.Column("accreditor", sa.String(2048), sa.ForeignKey("accreditor.did"), nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
    )
    op.create_table(
        "suspension",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String(2048), sa.ForeignKey("provider.did"), nullable=False, index=True),
        sa.Column("valid_from", sa.String(20), nullable=False),
        sa.Column("valid_until", sa.String(20)),
    )
    op.create_table(
        "snapshot",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("jws", sa.Text, nullable=False),
    )
