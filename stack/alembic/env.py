"""Runs the migrations of one service in its own schema, as the owner of the node's database."""

from alembic import context

connection = context.config.attributes["connection"]
schema = context.config.attributes["schema"]
owner = context.config.attributes["owner"]

connection.exec_driver_sql(f'set role "{owner}"')
connection.exec_driver_sql(f'set search_path = "{schema}"')
context.configure(connection=connection, version_table_schema=schema)
with context.begin_transaction():
    context.run_migrations()
connection.exec_driver_sql("reset role")
