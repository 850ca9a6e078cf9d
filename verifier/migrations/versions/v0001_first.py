"""The first table: shares."""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("jwe", sa.Text, nullable=False),
        sa.Column("expires", sa.String(20), nullable=False, index=True),
        sa.Column("access", sa.LargeBinary(32), nullable=False),
        sa.Column("opening", sa.LargeBinary(32), nullable=False),
        sa.Column("managing", sa.LargeBinary(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("views", sa.Integer, nullable=False),
    )
