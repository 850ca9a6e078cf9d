"""How Alembic runs here: over the connection that `verifier.share_store` hands in, in its transaction."""

from alembic import context

from verifier.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
