"""Sessions of people: signing in for a post, changing to another one, staying, leaving."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import Language
from contracts.directory import Directory
from contracts.sessions import PostChoice, Session, SignedIn
from rules.calendar import local_day
from rules.limits import limit
from services.edge import passwords, people, tokens
from services.edge.models import Account, PostRow, Token
from services.edge.seen import seen
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.problems import FieldError, Problem, invalid

log = structlog.get_logger()


class Sessions:
    """What the edge offers to whoever signs in. Every refusal is a Problem."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, known: tokens.Tokens) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._tokens = known

    async def sign_in(self, login: str, password: str, choice: PostChoice | None, language: Language) -> SignedIn:
        """A token for one person in one post.

        401 alike for an unknown login and a wrong password, 429 for a login that was guessed at too often; only who
        knows the password learns that the account is disabled (403) or has no such post (403).
        """
        async with self._database.transaction() as session:
            now = await self._clock.now(session)
            account = await people.by_login(session, login)
            _check_rest(account, now)
            right = await passwords.matches(account.password if account else None, password)
            if account is not None:
                _count(account, right, now)
                if right and passwords.is_weak(account.password):
                    account.password = await passwords.hashed(password)
                session.add(account)
            if right and account is not None and account.disabled_at is None:
                held = await people.posts_of(session, account)
                post = _chosen(held, choice)
                ends = now + timedelta(minutes=limit("session_minutes", local_day(now)))
                if post is not None:
                    return await self._begin(session, account, held, post, now, ends, language)
        raise _refusal(account, right)

    async def current(self, token: str, language: Language) -> Session:
        """Who this token is, and until when."""
        async with self._database.transaction() as session:
            row = await self._row(session, token)
            return await self._shown(session, row, language)

    async def switch(self, token: str, choice: PostChoice, language: Language) -> SignedIn:
        """Another post of the same person: a new token, the end of the old one, and no more time than it had."""
        async with self._database.transaction() as session:
            row, account = await self._locked(session, token)
            now = await self._clock.now(session)
            if account.disabled_at is not None:
                raise Problem("account_disabled")
            held = await people.posts_of(session, account)
            post = _chosen(held, choice)
            if post is None:
                raise Problem("post_not_held")
            assert row.expires_at is not None  # or it would be nobody's session
            await session.delete(row)
            signed = await self._begin(session, account, held, post, now, row.expires_at, language)
        self._tokens.forget()
        return signed

    async def extend(self, token: str, language: Language) -> Session:
        """The person is still there."""
        async with self._database.transaction() as session:
            row = await self._row(session, token)
            if row.expires_at is not None:
                row.last_seen = await self._clock.now(session)
                session.add(row)
            return await self._shown(session, row, language)

    async def sign_out(self, token: str) -> None:
        """End the session; an institution's own token stays."""
        async with self._database.transaction() as session:
            row = await self._row(session, token)
            if row.expires_at is None:
                raise Problem("not_a_session")
            await session.delete(row)
            log.info("signed_out", login=row.actor)
        self._tokens.forget()

    async def change_password(self, token: str, old: str, new: str) -> None:
        """The person's own choice; it ends their other sessions. 422 for a wrong old one."""
        async with self._database.transaction() as session:
            row, account = await self._locked(session, token)
            now = await self._clock.now(session)
            _check_rest(account, now)
            right = await passwords.matches(account.password, old)
            _count(account, right, now)
            if right:
                account.password = await passwords.hashed(new)
                await tokens.end_sessions(session, account.login, but=row.hash)
                log.info("password_changed", login=account.login, by=account.login)
            session.add(account)
        self._tokens.forget()
        if not right:
            raise invalid(FieldError("password", "password_wrong"))

    async def _locked(self, session: AsyncSession, token: str) -> tuple[Token, Account]:
        """A person's session and account, as nobody changes them any more until the transaction ends."""
        row = await self._row(session, token)
        account = await people.by_login(session, row.actor) if row.expires_at is not None else None
        if account is None:
            raise Problem("not_a_session")
        return await self._row(session, token), account  # an administrator may have ended it before the lock

    async def _row(self, session: AsyncSession, token: str) -> Token:
        row = await tokens.living(session, tokens.digest_of(token), await self._clock.now(session))
        if row is None:
            raise Problem("not_authenticated")
        return row

    async def _begin(
        self,
        session: AsyncSession,
        account: Account,
        held: Sequence[PostRow],
        post: PostRow,
        now: datetime,
        ends: datetime,
        language: Language,
    ) -> SignedIn:
        await tokens.sweep(session, account.login, now)
        post.used_at = account.signed_in_at = now
        session.add_all((post, account))
        token, row = tokens.issue(session, account.login, post.agency, post.role, now, ends)
        log.info("signed_in", login=account.login, agency=post.agency, role=post.role)
        shown = seen(self._directory, row, account, held, now, language)
        return SignedIn(**dict(shown), token=token, expires_in=int((ends - now).total_seconds()))

    async def _shown(self, session: AsyncSession, row: Token, language: Language) -> Session:
        account = await session.get(Account, row.actor) if row.expires_at is not None else None
        held = await people.posts_of(session, account) if account is not None else ()
        return seen(self._directory, row, account, held, await self._clock.now(session), language)


def _check_rest(account: Account | None, now: datetime) -> None:
    if account is not None and account.blocked_until is not None and account.blocked_until > now:
        raise resting(account.blocked_until - now)


def resting(left: timedelta) -> Problem:
    """A login that was guessed at too often, and for how long it still rests."""
    seconds = int(left.total_seconds()) + 1
    return Problem("too_many_attempts", retry_after=seconds, minutes=-(-seconds // 60))


def _count(account: Account, right: bool, now: datetime) -> None:
    today = local_day(now)
    account.failures = 0 if right else account.failures + 1
    rests = account.failures >= limit("sign_in_attempts", today)
    account.blocked_until = now + timedelta(minutes=limit("sign_in_rest_minutes", today)) if rests else None
    if not right:
        log.warning("wrong_password", login=account.login, failures=account.failures)


def _chosen(held: Sequence[PostRow], choice: PostChoice | None) -> PostRow | None:
    if choice is None:
        return held[0] if held else None
    return next((post for post in held if (post.agency, post.role) == (choice.agency, choice.role)), None)


def _refusal(account: Account | None, right: bool) -> Problem:
    if not right or account is None:
        return Problem("wrong_password")
    return Problem("account_disabled" if account.disabled_at is not None else "post_not_held")
