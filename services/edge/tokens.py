"""Bearer tokens: one per institution that holds all its roles, and short ones for people who sign in."""

import asyncio
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.edge.models import Account, Token
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.problems import Problem

SESSION = timedelta(hours=10)
"""A working day and its overtime; then sign in again."""

MEMORY = 5.0
"""Seconds for which an answer about a token is remembered: a token taken away works this much longer at most."""

_REMEMBERED = 10_000

ATTEMPTS = 10
BLOCK = timedelta(minutes=15)
"""After so many wrong passwords in a row a login rests for a while (ASVS 5.0, 6.3.1)."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody")


class Tokens:
    """Issues and reads the tokens of one node."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._fresh: dict[bytes, tuple[float, Caller]] = {}

    async def read(self, token: str) -> Caller | None:
        """Who holds this token, None when it is unknown or over; at most `MEMORY` seconds old."""
        digest, tick = _hash(token), asyncio.get_running_loop().time()
        until, caller = self._fresh.get(digest, (0.0, None))
        if caller is None or until < tick:
            caller = await self._look_up(digest)
            if len(self._fresh) >= _REMEMBERED:
                self._fresh.clear()
            if caller is not None:
                self._fresh[digest] = (tick + MEMORY, caller)
        return caller

    async def _look_up(self, digest: bytes) -> Caller | None:
        async with self._database.transaction() as session:
            row = (await session.exec(select(Token).where(Token.hash == digest))).one_or_none()
            if row is None or (row.expires_at is not None and row.expires_at <= await self._clock.now(session)):
                return None
            return Caller(agency=row.agency, roles=frozenset(row.roles), actor=row.actor)

    async def register_agency(self, agency: str, token: str, roles: Iterable[str]) -> None:
        """Let this token act for the institution in all its roles; done again, it only brings the roles up to date."""
        row = {"hash": _hash(token), "agency": agency, "actor": agency, "roles": sorted(roles)}
        known = insert(Token).values(row).on_conflict_do_update(index_elements=["hash"], set_={"roles": row["roles"]})
        async with self._database.transaction() as session:
            await session.execute(known)

    async def register_accounts(self, agency: str, people: Iterable[tuple[str, str, str]]) -> None:
        """Let these people, (login, role, password), sign in; an account that exists keeps its password."""
        async with self._database.transaction() as session:
            known = set((await session.exec(select(Account.login).where(Account.agency == agency))).all())
            for login, role, password in people:
                if login not in known:
                    hashed = await asyncio.to_thread(_hasher.hash, password)
                    session.add(Account(login=login, agency=agency, role=role, password=hashed))

    async def sign_in(self, login: str, password: str) -> tuple[str, timedelta]:
        """A token for one person in one role, and how long it lives.

        Raises Problem: 401 alike for every cause, 429 for a login that was guessed at too often.
        """
        async with self._database.transaction() as session:
            account = await _account(session, login)
            now = await self._clock.now(session)
            if account is not None and account.blocked_until is not None and account.blocked_until > now:
                raise Problem("too_many_attempts")
            right = await asyncio.to_thread(_matches, account.password if account else _NOBODY, password)
            if account is not None:
                account.failures = 0 if right else account.failures + 1
                account.blocked_until = now + BLOCK if account.failures >= ATTEMPTS else None
                session.add(account)
            token = secrets.token_urlsafe(32)
            if right and account is not None:
                row = Token(
                    hash=_hash(token),
                    agency=account.agency,
                    actor=login,
                    roles=[account.role],
                    expires_at=now + SESSION,
                )
                session.add(row)
        if not right:
            raise Problem("wrong_password")
        return token, SESSION


async def _account(session: AsyncSession, login: str) -> Account | None:
    """The account of this login, locked until the transaction ends."""
    return (await session.exec(select(Account).where(Account.login == login).with_for_update())).one_or_none()


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _matches(stored: str, password: str) -> bool:
    """Takes the same time whether the login exists or not."""
    try:
        return _hasher.verify(stored, password)
    except Argon2Error:
        return False
