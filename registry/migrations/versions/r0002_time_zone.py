"""When a provider's day begins: windows in the register start and end at its midnights."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    # Until now every provider's day began in Tokyo.
    op.add_column("provider", sa.Column("time_zone", sa.String(64), nullable=False, server_default="Asia/Tokyo"))
