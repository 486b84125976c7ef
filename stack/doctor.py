"""`sciezka doctor`: looks at every part of the running system and says what is wrong with it, and what to do.

A part that is down is named once: what can only be asked through it is then left out.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Iterable
from pathlib import Path

from contracts.directory import Directory
from contracts.subjects import PATH_NODE
from stack import processes, record, secrets
from stack.environment import DATABASE, NATS, TEMPORAL, export
from stack.errors import StackError
from stack.findings import Check, judged, report, well, wrong
from stack.forks import NAME as ZYGOTE
from stack.institutions import read_directory
from stack.look_at_clock import look_at_temporal
from stack.look_at_record import look_at_postgres
from stack.look_at_road import look_at_nats
from stack.nodes import ports_of
from stack.probes import http_answers

__all__ = ["Check", "examine", "report"]

FREE_BYTES = 1_000_000_000
LONGEST_SECONDS = 20.0
"""For one server with everything that is asked of it."""

PRIVATE_FILES = ("secrets.json", "stack.json", "credentials.json", "nats/nats.conf")


async def examine(data: Path) -> tuple[Check, ...]:
    """Look at everything at once; takes a few seconds at most."""
    checks = [_disk(data), *_private_files(data)]
    try:
        export(data)
        known = secrets.read(data)
        directory = read_directory(data)
    except StackError as error:
        return (*checks, wrong("stack", "stack", sentence=error.sentence, remedy=error.remedy))
    nodes = (*directory.nodes, PATH_NODE)
    asked = [
        _within("nats", look_at_nats(os.environ[NATS], known.nats_admin, nodes)),
        _within("postgres", look_at_postgres(os.environ[DATABASE], nodes)),
        _within("temporal", look_at_temporal(os.environ[TEMPORAL])),
        *_of_running(data, directory, checks),
    ]
    for found in await asyncio.gather(*asked):
        checks += found
    return tuple(checks)


def _of_running(data: Path, directory: Directory, checks: list[Check]) -> list[Awaitable[list[Check]]]:
    """Adds what the record of `up` tells of processes to `checks`; the questions to its nodes."""
    running = record.read(data)
    if running is None:
        return []
    ports = ports_of(directory, running.port)
    checks += _processes(running, ports)
    return [_node(node, port) for node, port in ports.items()]


async def _within(name: str, looking: Awaitable[list[Check]]) -> list[Check]:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await looking
    except TimeoutError as error:
        return [wrong(name, name, cause=type(error).__name__)]


def _disk(data: Path) -> Check:
    existing = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    return judged("disk", "disk", free >= FREE_BYTES, free=f"{free / 1e9:.1f}", needed=f"{FREE_BYTES / 1e9:.0f}")


def _private_files(data: Path) -> list[Check]:
    checks = []
    for name in PRIVATE_FILES:
        path = data / name
        if path.exists():
            mode = path.stat().st_mode & 0o777
            checks.append(judged("private_file", name, mode & 0o077 == 0, mode=f"{mode:o}"))
    return checks


def _processes(running: record.StackRecord, nodes: Iterable[str]) -> list[Check]:
    checks = [judged("process", "process/up", processes.is_alive(running.process), pid=running.pid)]
    for part in running.parts:
        checks.append(judged("process", f"process/{part.name}", processes.is_alive(part.process), pid=part.pid))
    missing = {*nodes, ZYGOTE} - {part.name for part in running.parts}
    return [*checks, *(wrong("process_missing", f"process/{name}") for name in sorted(missing))]


async def _node(node: str, port: int) -> list[Check]:
    ready = await http_answers(port, "/ready")
    return [(well if ready else wrong)("node_ready", f"{node}/ready", port=port)]
