"""How Alembic runs here: over the connection that `issuer.store` hands in, in its transaction."""

from alembic import context

from issuer.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
