"""`sciezka doctor`: looks at every part of the running system and says what is wrong with it."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg
from asyncpg.exceptions import InterfaceError, PostgresError
from nats.errors import Error as NatsError

from services.kit.broker import OLDEST_SERVER
from stack import processes, record, secrets
from stack.environment import DATABASE, NATS, TEMPORAL, export
from stack.errors import StackError
from stack.forks import NAME as ZYGOTE
from stack.institutions import read_directory
from stack.nodes import ports_of
from stack.probes import SECONDS, ask_nats, http_answers
from stack.servers.nats import ADMIN

FREE_BYTES = 1_000_000_000
POSTGRES_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
PRIVATE_FILES = ("secrets.json", "stack.json", "credentials.json", "nats/nats.conf")


@dataclass(frozen=True)
class Check:
    """One thing looked at. `detail` says in Polish what was found; it holds no secret."""

    name: str
    ok: bool
    detail: str


async def examine(data: Path) -> tuple[Check, ...]:
    """Look at everything at once; takes a few seconds at most."""
    checks = [_disk(data), *_private_files(data)]
    try:
        export(data)
        known = secrets.read(data)
        directory = read_directory(data)
    except StackError as error:
        return (*checks, Check("stack", False, f"{error.sentence} {error.remedy}"))
    running = record.read(data)
    asked = [
        _asked("nats", _nats(os.environ[NATS], known.nats_admin)),
        _asked("postgres", _postgres(os.environ[DATABASE])),
        _asked("temporal", _temporal(os.environ[TEMPORAL])),
    ]
    if running is not None:
        ports = ports_of(directory, running.port)
        checks += _processes(running, ports)
        asked += [_asked(f"{node}/ready", _node(port)) for node, port in ports.items()]
    return (*checks, *await asyncio.gather(*asked))


def report(checks: Sequence[Check]) -> dict[str, Any]:
    """What `--json` prints."""
    return {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}


async def _asked(name: str, question: Awaitable[str]) -> Check:
    """`question` answers with what it found, or raises `StackError` with what is wrong."""
    try:
        async with asyncio.timeout(2 * SECONDS):
            return Check(name, True, await question)
    except StackError as error:
        return Check(name, False, error.sentence)
    except (OSError, TimeoutError, RuntimeError, NatsError, PostgresError, InterfaceError) as error:
        return Check(name, False, f"nie odpowiada ({type(error).__name__})")


def _disk(data: Path) -> Check:
    existing = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    return Check("disk", free >= FREE_BYTES, f"wolne {free / 1e9:.1f} GB, potrzeba {FREE_BYTES / 1e9:.0f} GB")


def _private_files(data: Path) -> list[Check]:
    checks = []
    for name in PRIVATE_FILES:
        path = data / name
        if path.exists():
            mode = path.stat().st_mode & 0o777
            checks.append(Check(name, mode & 0o077 == 0, f"prawa {mode:o}, potrzeba 600"))
    return checks


def _processes(running: record.StackRecord, nodes: Iterable[str]) -> list[Check]:
    checks = [Check("process/up", processes.is_alive(running.process), f"pid {running.pid}")]
    for part in running.parts:
        alive = processes.is_alive(part.process)
        found = f"pid {part.pid}" if alive else f"proces {part.pid} nie żyje"
        checks.append(Check(f"process/{part.name}", alive, found))
    missing = {*nodes, ZYGOTE} - {part.name for part in running.parts}
    return [*checks, *(Check(f"process/{name}", False, "nie został uruchomiony") for name in sorted(missing))]


async def _nats(url: str, password: str) -> str:
    client = await ask_nats(url, ADMIN, password)
    try:
        version = client.connected_server_version
        await client.jetstream().account_info()
    finally:
        await client.close()
    found = (version.major, version.minor, version.patch)
    text = ".".join(map(str, found))
    if found < OLDEST_SERVER:
        oldest = ".".join(map(str, OLDEST_SERVER))
        raise StackError(f"wersja {text}, potrzeba co najmniej {oldest}", "Zaktualizuj serwer NATS.")
    return f"wersja {text}, JetStream działa"


async def _postgres(url: str) -> str:
    connection = await asyncpg.connect(url, timeout=SECONDS)
    try:
        version = await connection.fetchval("SELECT current_setting('server_version')")
        found = {name: await connection.fetchval("SELECT current_setting($1)", name) for name in POSTGRES_SETTINGS}
    finally:
        await connection.close()
    wrong = [f"{name}={value}" for name, value in found.items() if value != "on"]
    if wrong:
        raise StackError(f"niebezpieczne ustawienia: {', '.join(wrong)}", "Włącz je: bez nich zapis może przepaść.")
    return f"wersja {version}, zapis trwały, sumy kontrolne stron"


async def _temporal(address: str) -> str:
    from temporalio.service import ConnectConfig, ServiceClient

    client = await ServiceClient.connect(ConnectConfig(target_host=address))
    if not await client.check_health():
        raise StackError("zgłasza, że nie jest gotowy", "Zobacz dziennik serwera Temporal.")
    return "działa"


async def _node(port: int) -> str:
    if not await http_answers(port, "/ready"):
        raise StackError(f"nie jest gotowy (port {port})", "Zobacz dziennik węzła.")
    return f"gotowy na porcie {port}"
