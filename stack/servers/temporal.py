"""The Temporal development server from the wheel: one process, SQLite in the data folder, no web interface.

It keeps closed workflows for 24 hours and is no record: paths can be rebuilt from PostgreSQL.
"""

from functools import partial
from pathlib import Path

from stack import programs
from stack.files import log_file
from stack.parts import YIELDING, Command, Part, Running, launch
from stack.ports import LOOPBACK
from stack.probes import http_answers

NAME = "temporal"


def temporal_address(port: int) -> str:
    return f"{LOOPBACK}:{port}"


def temporal_part(data: Path, port: int, http_port: int) -> Part:
    """The server: gRPC on `port`, its HTTP interface, used for the health question only, on `http_port`."""
    argv = (
        str(programs.script(NAME)), "server", "start-dev", "--headless", "--ip", LOOPBACK,
        "--port", str(port), "--http-port", str(http_port), "--db-filename", str(data / NAME / "temporal.db"),
        # normal survives a killed process; a power loss may cost the last moments, which the rebuild brings back
        "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal",
        "--log-level", "error",
    )  # fmt: skip
    return Part(
        name=NAME,
        start=partial(_start, data, argv),
        ready=partial(http_answers, http_port, "/api/v1/namespaces/default"),
        log=log_file(data, NAME),
    )


async def _start(data: Path, argv: tuple[str, ...]) -> Running:
    (data / NAME).mkdir(mode=0o700, exist_ok=True)
    command = Command(argv=argv, env={"GOMEMLIMIT": "250MiB"}, niceness=YIELDING)
    return await launch(command, log_file(data, NAME))
