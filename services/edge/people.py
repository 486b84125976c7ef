"""Accounts and posts as rows: found, made, brought up to date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from services.edge.models import Account, Lent, PostRow
from services.edge.passwords import hashed
from services.kit.database import Database


@dataclass(frozen=True)
class Person:
    """Somebody to let in: `password` counts when the account is new, and `name` unless it has one already."""

    login: str
    name: str
    password: str
    role: str


async def by_login(session: AsyncSession, login: str) -> Account | None:
    """The account of this login, locked until the transaction ends."""
    return (await session.exec(select(Account).where(Account.login == login).with_for_update())).one_or_none()


async def posts_of(session: AsyncSession, account: Account) -> Sequence[PostRow]:
    """What a person is: the post used last first, then those at home."""
    found = (await session.exec(select(PostRow).where(PostRow.login == account.login))).all()
    return sorted(found, key=lambda post: (-_instant(post), post.agency != account.agency, post.agency, post.role))


def _instant(post: PostRow) -> float:
    return post.used_at.timestamp() if post.used_at else 0.0


async def give_post(session: AsyncSession, login: str, agency: str, role: str) -> None:
    """Let this person act in a role; nothing changes when they may already."""
    row = {"login": login, "agency": agency, "role": role}
    await session.execute(insert(PostRow).values(row).on_conflict_do_nothing())


def account(login: str, agency: str, name: str, password: str) -> Account:
    """A new account; `password` is hashed already."""
    return Account(login=login, id=UUID(int=uuid7().int), agency=agency, name=name, password=password)


async def roles_of(database: Database, agency: str, login: str) -> frozenset[str]:
    """The roles in which this person may sign in for this institution now."""
    active = select(Account.login).where(Account.login == login, col(Account.disabled_at).is_(None))
    query = select(PostRow.role).where(PostRow.agency == agency, col(PostRow.login).in_(active))
    async with database.transaction() as session:
        return frozenset((await session.exec(query)).all())


async def register(database: Database, agency: str, people: Iterable[Person]) -> None:
    """Let these people of this institution sign in for their roles. An account that exists keeps its password, and its
    posts as they are: one that was taken away does not come back."""
    async with database.transaction() as session:
        for person in people:
            known = await by_login(session, person.login)
            if known is None:
                session.add(account(person.login, agency, person.name, await hashed(person.password)))
                await session.flush()
                await give_post(session, person.login, agency, person.role)
            elif known.name == known.login:  # from before there were names
                known.name = person.name
                session.add(known)


async def lend(database: Database, agency: str, people: Iterable[Person]) -> None:
    """Let these people of other institutions act in their roles in this one: each once, whatever becomes of it."""
    async with database.transaction() as session:
        for person in people:
            row = {"login": person.login, "agency": agency, "role": person.role}
            once = insert(Lent).values(row).on_conflict_do_nothing().returning(col(Lent.login))
            if (await session.execute(once)).scalar_one_or_none() is not None:
                await give_post(session, person.login, agency, person.role)
