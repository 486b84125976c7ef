"""Bearer tokens: one per institution that decides in all its roles, and short ones for people who sign in."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import any_, literal
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import local_day
from rules.limits import limit
from services.edge.models import Token
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.database import Database

MEMORY = 5.0
"""Seconds for which an answer about a token is remembered: a token taken away works this much longer at most."""

NOTED = timedelta(minutes=1)
"""That a person does something is written down at most this often."""

_REMEMBERED = 10_000


@dataclass(frozen=True)
class _Known:
    """An answer about a token, by the loop's clock: how long it holds, and when the person was last noted as active."""

    caller: Caller
    until: float
    noted: float | None

    def answers(self, tick: float, active: bool) -> bool:
        old = self.noted is not None and tick - self.noted >= NOTED.total_seconds()
        return self.until >= tick and not (active and old)


class Tokens:
    """Issues, reads and ends the tokens of one node."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._fresh: dict[bytes, _Known] = {}

    async def read(self, token: str, *, active: bool = True) -> Caller | None:
        """Who holds this token, None when it is unknown or over; at most `MEMORY` seconds old.

        `active`: a person did something, which keeps a session going; a page that brings itself up to date does not.
        """
        digest, tick = digest_of(token), asyncio.get_running_loop().time()
        known = self._fresh.get(digest)
        if known is None or not known.answers(tick, active):
            known = await self._look_up(digest, tick, active)
            if len(self._fresh) >= _REMEMBERED:
                self._fresh.clear()
            if known is not None:
                self._fresh[digest] = known
        return None if known is None else known.caller

    async def _look_up(self, digest: bytes, tick: float, active: bool) -> _Known | None:
        async with self._database.transaction() as session:
            now = await self._clock.now(session)
            row = await living(session, digest, now)
            if row is None:
                self._fresh.pop(digest, None)
                return None
            noted = None
            if row.last_seen is not None:
                if active and now - row.last_seen >= NOTED:
                    row.last_seen = now
                    session.add(row)
                noted = tick - (now - row.last_seen).total_seconds()
            caller = Caller(agency=row.agency, roles=frozenset(row.roles), actor=row.actor)
            return _Known(caller, tick + MEMORY, noted)

    def forget(self) -> None:
        """Ask anew about every token: some have just ended."""
        self._fresh.clear()

    async def register_agency(self, agency: str, token: str, roles: Iterable[str]) -> None:
        """Let this token act for the institution in all these roles; done again, it only brings them up to date."""
        row = {"hash": digest_of(token), "agency": agency, "actor": agency, "roles": sorted(roles)}
        known = insert(Token).values(row).on_conflict_do_update(index_elements=["hash"], set_={"roles": row["roles"]})
        async with self._database.transaction() as session:
            await session.execute(known)


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode()).digest()


async def living(session: AsyncSession, digest: bytes, now: datetime) -> Token | None:
    """The row of a token that is not over; `ends_at` tells when that is."""
    row = (await session.exec(select(Token).where(Token.hash == digest))).one_or_none()
    return None if row is None or (row.expires_at is not None and ends_at(row) <= now) else row


def ends_at(row: Token) -> datetime:
    """When this session ends unless its person does something."""
    assert row.expires_at is not None
    assert row.last_seen is not None
    idle = timedelta(minutes=limit("session_idle_minutes", local_day(row.last_seen)))
    return min(row.expires_at, row.last_seen + idle)


def issue(
    session: AsyncSession, login: str, agency: str, role: str, now: datetime, expires_at: datetime
) -> tuple[str, Token]:
    """A new session for one post: its token and its row."""
    token = secrets.token_urlsafe(32)
    row = Token(hash=digest_of(token), agency=agency, actor=login, roles=[role], expires_at=expires_at, last_seen=now)
    session.add(row)
    return token, row


async def sweep(session: AsyncSession, login: str, now: datetime) -> None:
    """Do away with the sessions of a person that are over."""
    query = select(Token).where(Token.actor == login, col(Token.expires_at).is_not(None))
    for row in (await session.exec(query)).all():
        if ends_at(row) <= now:
            await session.delete(row)


async def end_sessions(
    session: AsyncSession, login: str, *, post: tuple[str, str] | None = None, but: bytes | None = None
) -> None:
    """End the sessions of a person: all, or those for one post (institution, role), or all but one."""
    statement = delete(Token).where(col(Token.actor) == login, col(Token.expires_at).is_not(None))
    if post is not None:
        statement = statement.where(col(Token.agency) == post[0], literal(post[1]) == any_(col(Token.roles)))
    if but is not None:
        statement = statement.where(col(Token.hash) != but)
    await session.execute(statement)
