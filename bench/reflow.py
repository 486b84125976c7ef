"""A change of rules under many live deadlines: a day off that moves every one of them, in a database of its own."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from uuid import uuid4

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import ReferralDelivered, ReferralSubmitted
from contracts.ids import case_number
from contracts.subjects import PATH_NODE
from rules.calendar import add_working_days, local_day
from services.kit.clock import DatabaseClock
from services.kit.database import Database
from services.kit.delivery import Taken
from services.kit.service import Service
from stack.migrations import versions_of
from workflows import bridge, reflow, rulebook

LIVE_EACH = 2
"""Live deadlines of a referral that was delivered: taking it up, and deciding."""

_NAME = "bench_reflow"
_AT_ONCE = 500


async def measure_reflow(
    *, database_url: str, directory: Directory, sender: str, receiver: str, deadlines: int
) -> float:
    """Seconds from the new day off put in force until every live deadline has moved and all letters are written.

    As on a running system, the command and the path node share the work: two processes.
    """
    async with _service(database_url, directory) as service:
        await _fill(service, sender, receiver, deadlines // LIVE_EACH)
        today = local_day(datetime.now(UTC))
        free = add_working_days(today, 2)
        wording = '{ pl = "Dzień pomiaru", en = "Day of the measurement" }'
        lengths = (
            f'[[lengths]]\nrule = "decision"\nlength = {{ normal = "6d", urgent = "1wd" }}\n'
            f"valid_from = {today}\nbasis = {wording}\n"
        )
        file = f"[[days_off]]\ndate = {free}\nwording = {wording}\nbasis = {wording}\n{lengths}"
        begun = time.perf_counter()
        async with service.database.transaction() as session:
            await rulebook.put(service, session, file, "bench")
        node = await _path_node(service)
        await reflow.flow(service)
        await node.wait()
        return time.perf_counter() - begun


async def _path_node(service: Service) -> asyncio.subprocess.Process:
    """Another process that does as the path node's loop does when it hears of the new book."""
    url = service.database.url.render_as_string(hide_password=False)
    directory = service.directory.model_dump_json()
    return await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, url, directory)


async def _flow(url: str, directory: str) -> None:
    database = Database(make_url(url))
    service = Service(PATH_NODE, PATH_NODE, Directory.model_validate_json(directory), database, DatabaseClock())
    await reflow.flow(service, lanes=1)
    await database.close()


async def _fill(service: Service, sender: str, receiver: str, paths: int) -> None:
    """Referrals that were sent and delivered, each on a path of its own."""
    for first in range(0, paths, _AT_ONCE):
        begun, delivered = [], []
        for _ in range(min(_AT_ONCE, paths - first)):
            one, two = _referral(sender, receiver)
            begun.append(one)
            delivered.append(two)
        for taken in (begun, delivered):
            async with service.database.transaction() as session:
                await bridge.advance(service, session, taken)
    async with service.database.transaction() as session:
        await session.execute(text("update wake set sent_at = now()"))
        await session.execute(text("delete from untold"))


def _referral(sender: str, receiver: str) -> tuple[Taken, Taken]:
    now, path_id, referral_id = datetime.now(UTC), uuid4(), uuid4()
    about = {"path_id": path_id, "at": now, "referral_id": referral_id, "custodian": sender}
    about |= {"sender": sender, "receiver": receiver}
    number = case_number(referral_id, now.year)
    first = about | {"version": 1, "number": number, "kind": "service", "urgency": "normal"}
    second = about | {"version": 2, "status": "delivered", "by": "system"}
    return (
        _taken(ReferralSubmitted.model_validate(first), sender),
        _taken(ReferralDelivered.model_validate(second), receiver),
    )


def _taken(event: ReferralSubmitted | ReferralDelivered, writer: str) -> Taken:
    identity = uuid4()
    envelope = Envelope(
        id=identity, type=event.type(), source=writer, subject=event.path_id, time=event.at,
        version=event.version, correlation_id=identity,
    )  # fmt: skip
    return Taken(event, envelope)


@asynccontextmanager
async def _service(database_url: str, directory: Directory) -> AsyncIterator[Service]:
    """The path service on an empty database, which is dropped afterwards."""
    url = make_url(database_url).set(drivername="postgresql+asyncpg")
    administrator = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with administrator.connect() as connection:
        await connection.execute(text(f"drop database if exists {_NAME} with (force)"))
        await connection.execute(text(f"create database {_NAME}"))
        database = Database(url.set(database=_NAME))
        try:
            async with database.engine.begin() as tables:
                await tables.run_sync(_upgrade)
            yield Service(PATH_NODE, PATH_NODE, directory, database, DatabaseClock())
        finally:
            await database.close()
            await connection.execute(text(f"drop database {_NAME} with (force)"))
    await administrator.dispose()


def _upgrade(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        for script in sorted(versions_of(PATH_NODE).glob("0*.py")):
            import_module(f"workflows.migrations.{script.stem}").upgrade()


if __name__ == "__main__":
    asyncio.run(_flow(*sys.argv[1:]))
