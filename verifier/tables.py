"""The one table of the verifier: texts that it cannot read, until they expire. No moment but their end is kept."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

shares = Table(
    "share",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("jwe", Text, nullable=False),
    Column("expires", String(20), nullable=False, index=True),
    Column("access", LargeBinary(32), nullable=False),
    Column("opening", LargeBinary(32), nullable=False),
    Column("managing", LargeBinary(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("views", Integer, nullable=False),
)
