"""The people of an institution: let in, given and taken posts, blocked. For its administrator."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import accounts as told
from contracts.directory import Agency, Directory
from services.edge import passwords, people, tokens
from services.edge.account_steps import STEPS, Doing, check_other, role_here
from services.edge.models import Account, PostRow
from services.edge.seen import label_of
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.problems import FieldError, Problem, invalid, not_found

log = structlog.get_logger()

PAGE_SIZE = 200


class AccountDesk:
    """What the edge offers to administrators. To each there are only those who are at home in, or have a post at, their
    own institution. Every refusal is a Problem."""

    def __init__(self, database: Database, clock: Clock, directory: Directory, known: tokens.Tokens) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._tokens = known

    async def page(self, caller: Caller, cursor: UUID | None) -> told.AccountPage:
        """Everybody with a post at the institution or at home in it, in the order in which they were let in."""
        async with self._database.transaction() as session:
            query = select(Account).where(_here(caller.agency)).order_by(col(Account.id)).limit(PAGE_SIZE + 1)
            if cursor is not None:
                query = query.where(Account.id > cursor)
            found = (await session.exec(query)).all()
            shown = found[:PAGE_SIZE]
            held = await _held(session, caller.agency, [account.login for account in shown])
        items = tuple(_view(account, held, caller) for account in shown)
        return told.AccountPage(items=items, next=str(shown[-1].id) if len(found) > PAGE_SIZE else None)

    async def show(self, caller: Caller, account_id: UUID) -> told.Account:
        """One of them."""
        async with self._database.transaction() as session:
            query = select(Account).where(Account.id == account_id, _here(caller.agency))
            account = (await session.exec(query)).one_or_none()
            if account is None:
                raise not_found()
            return await self._shown(session, account, caller)

    async def colleagues(self, caller: Caller) -> told.Colleagues:
        """Who works or worked at the caller's institution, for everybody there: a login in a list becomes a name."""
        async with self._database.transaction() as session:
            query = select(Account).where(_here(caller.agency)).order_by(Account.name, Account.login)
            found = (await session.exec(query)).all()
            held = await _held(session, caller.agency, [account.login for account in found])
        agency = self._directory[caller.agency]
        return told.Colleagues(items=tuple(_colleague(account, held, agency, caller) for account in found))

    async def add(self, caller: Caller, new: told.NewAccount) -> told.Admitted:
        """A new person with one post and a password that is told now only. 409 when the login is taken."""
        role_here(self._directory[caller.agency].kind, new.role)
        login, password = f"{new.login}@{caller.agency}", passwords.made()
        async with self._database.transaction() as session:
            if await people.by_login(session, login) is not None:
                raise Problem("login_taken")
            account = people.account(login, caller.agency, new.name, await passwords.hashed(password))
            session.add(account)
            await session.flush()
            await people.give_post(session, login, caller.agency, new.role)
            log.info("account_added", login=login, role=new.role, by=caller.actor)
            return told.Admitted(account=await self._shown(session, account, caller), password=password)

    async def borrow(self, caller: Caller, wanted: told.Borrowed) -> told.Account:
        """A post here for somebody of another institution of the node. 422 when nobody has that login."""
        role_here(self._directory[caller.agency].kind, wanted.role)
        async with self._database.transaction() as session:
            account = await people.by_login(session, wanted.login)
            if account is None:
                raise invalid(FieldError("login", "login_unknown"))
            check_other(caller, account)
            await people.give_post(session, account.login, caller.agency, wanted.role)
            log.info("post_given", login=account.login, agency=caller.agency, role=wanted.role, by=caller.actor)
            return await self._shown(session, account, caller)

    async def act(
        self, caller: Caller, account_id: UUID, action: told.AccountAction, change: told.AccountChange
    ) -> told.Admitted:
        """One of the actions; each that takes something away ends the sessions it concerns."""
        async with self._database.transaction() as session:
            query = select(Account).where(Account.id == account_id, _here(caller.agency)).with_for_update()
            account = (await session.exec(query)).one_or_none()
            if account is None:
                raise not_found()
            kind, now = self._directory[caller.agency].kind, await self._clock.now(session)
            password = await STEPS[action](Doing(session, caller, kind, account, change, now))
            session.add(account)
            await session.flush()
            log.info("account_changed", login=account.login, what=action, role=change.role, by=caller.actor)
            shown = await self._shown(session, account, caller)
        self._tokens.forget()
        return told.Admitted(account=shown, password=password)

    async def _shown(self, session: AsyncSession, account: Account, caller: Caller) -> told.Account:
        return _view(account, await _held(session, caller.agency, [account.login]), caller)


def _here(agency: str) -> ColumnElement[bool]:
    posts = select(PostRow.login).where(PostRow.agency == agency)
    return or_(col(Account.agency) == agency, col(Account.login).in_(posts))


async def _held(session: AsyncSession, agency: str, logins: Sequence[str]) -> Sequence[PostRow]:
    query = select(PostRow).where(PostRow.agency == agency, col(PostRow.login).in_(logins)).order_by(PostRow.role)
    return (await session.exec(query)).all()


def _view(account: Account, held: Sequence[PostRow], caller: Caller) -> told.Account:
    return told.Account(
        id=account.id,
        login=account.login,
        name=account.name,
        home=account.agency,
        posts=_posts(account, held, caller),
        disabled_at=account.disabled_at,
        blocked_until=account.blocked_until,
        signed_in_at=account.signed_in_at,
    )


def _colleague(account: Account, held: Sequence[PostRow], agency: Agency, caller: Caller) -> told.Colleague:
    posts = _posts(account, held, caller)
    return told.Colleague(
        id=account.id,
        login=account.login,
        name=account.name,
        posts=posts,
        units=tuple(sorted(agency.units_of(account.login))),
        active=bool(posts) and account.disabled_at is None,
    )


def _posts(account: Account, held: Sequence[PostRow], caller: Caller) -> tuple[told.HeldPost, ...]:
    return tuple(
        told.HeldPost(role=post.role, label=label_of(post.role, caller.language))
        for post in held
        if post.login == account.login
    )
