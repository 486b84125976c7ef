"""One database per node, one schema and role per service, one tenant per transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as SQLAlchemySession
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

POOL_SIZE = 4
"""Connections of one service of one process at most; its relay keeps one of them."""


NOW = "now"
"""Where a session keeps PostgreSQL's `now()`, which is one moment for the whole transaction."""

_LAST = "last"
"""Where a session keeps what is to be done right before its commit."""

Finish = Callable[[AsyncSession], Awaitable[None]]

_NOTIFY = text("select pg_notify(:channel, '')")
_OPEN = text("select set_config('sciezka.agency', :agency, true), now()")


class Session(AsyncSession):
    """SQLModel's session with SQLAlchemy's own `execute`, which SQLModel advises against for selecting rows only."""

    execute = SQLAlchemySession.execute


class Row(SQLModel):
    """Base of all rows. Constraints live in the migrations: table models validate nothing themselves."""


def database_name(node: str) -> str:
    return f"sciezka_{node}"


def role_name(node: str, service: str) -> str:
    return f"sciezka_{node}_{service}"


def service_url(admin_url: str, node: str, service: str, password: str) -> URL:
    """The address under which one service of one node reaches its own schema, and nothing else."""
    return make_url(admin_url).set(
        drivername="postgresql+asyncpg",
        username=role_name(node, service),
        password=password,
        database=database_name(node),
    )


class Database:
    """The tables of one service at one node."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=30, hide_parameters=True
        )

    @asynccontextmanager
    async def transaction(self, agency: str | None = None, *, snapshot: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction, seen through row-level security as `agency`; without one no tenant's row is visible.

        `snapshot`: all its queries see the same moment, as what is read in several and shown together must; such a
        transaction is for reading only. Commits at the end, rolls back on any exception.
        """
        async with Session(self.engine, expire_on_commit=False) as session:
            await _open(session, agency or "", snapshot)
            yield session
            for finish in session.info.get(_LAST, {}).values():
                await finish(session)
            await session.commit()

    async def ping(self) -> None:
        """Raises whatever the driver raises when the database does not answer."""
        async with self.transaction() as session:
            await session.execute(text("select 1"))

    async def close(self) -> None:
        await self.engine.dispose()


async def _open(session: AsyncSession, agency: str, snapshot: bool) -> None:
    """Begin: tell whose rows are to be seen, and keep the transaction's time. One round trip for both.

    A connection that died in the pool is noticed here, when nothing has been done yet, and replaced once.
    """
    for last in (False, True):
        try:
            if snapshot:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            _, session.info[NOW] = (await session.execute(_OPEN, {"agency": agency})).one()
        except DBAPIError as error:
            await session.rollback()
            if last or not error.connection_invalidated:
                raise
        else:
            return


def at_end(session: AsyncSession, key: str, finish: Finish) -> None:
    """Have this done right before the commit, once for each key."""
    session.info.setdefault(_LAST, {}).setdefault(key, finish)


@asynccontextmanager
async def attempt(session: AsyncSession) -> AsyncIterator[None]:
    """A savepoint: what fails within is undone, rows and letters, and its exception goes on."""
    before = {key: list(kept) for key, kept in session.info.items() if isinstance(kept, list)}
    try:
        async with session.begin_nested():
            yield
    except BaseException:
        for key, kept in session.info.items():
            if isinstance(kept, list):
                kept[:] = before.get(key, [])
        raise


async def notify(session: AsyncSession, channel: str) -> None:
    """Wake whoever listens on this channel when the transaction commits."""
    await session.execute(_NOTIFY, {"channel": channel})
