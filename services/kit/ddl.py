"""SQL scripts in migrations: the driver prepares one statement at a time."""

from alembic import op


def run(*scripts: str) -> None:
    """Execute the statements of these scripts in order. No statement may hold a semicolon of its own."""
    for script in scripts:
        for statement in script.split(";"):
            if statement.strip():
                op.execute(statement)
