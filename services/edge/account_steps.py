"""What an administrator does with an account: each step within a transaction in which the account is locked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.accounts import AccountAction, AccountChange
from contracts.codes import AgencyKind
from rules.roles import roles_of
from services.edge import passwords, people, tokens
from services.edge.models import Account, PostRow
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid


@dataclass(frozen=True)
class Doing:
    """Who does something to whom, and when. `kind`: of the caller's institution."""

    session: AsyncSession
    caller: Caller
    kind: AgencyKind
    account: Account
    change: AccountChange
    now: datetime


async def disable(doing: Doing) -> None:
    """The person is out, and cannot come back."""
    check_home(doing)
    check_other(doing.caller, doing.account)
    doing.account.disabled_at = doing.account.disabled_at or doing.now
    await tokens.end_sessions(doing.session, doing.account.login)


async def enable(doing: Doing) -> None:
    """Also a login that rests after too many wrong passwords."""
    check_home(doing)
    doing.account.disabled_at = doing.account.blocked_until = None
    doing.account.failures = 0


async def new_password(doing: Doing) -> str:
    """The password, which is told this once."""
    check_home(doing)
    password = passwords.made()
    doing.account.password = await passwords.hashed(password)
    doing.account.blocked_until, doing.account.failures = None, 0
    await tokens.end_sessions(doing.session, doing.account.login)
    return password


async def rename(doing: Doing) -> None:
    """Another name, the same login."""
    check_home(doing)
    if doing.change.name is None:
        raise invalid(FieldError("name", "missing"))
    doing.account.name = doing.change.name


async def give_post(doing: Doing) -> None:
    """One more role in the caller's institution."""
    role = role_here(doing.kind, doing.change.role)
    check_other(doing.caller, doing.account)
    await people.give_post(doing.session, doing.account.login, doing.caller.agency, role)


async def take_post(doing: Doing) -> None:
    """A role in the caller's institution less, and the end of whatever is done in it."""
    role, agency, login = role_here(doing.kind, doing.change.role), doing.caller.agency, doing.account.login
    if role in doing.caller.roles:
        check_other(doing.caller, doing.account)
    row = await doing.session.get(PostRow, (login, agency, role))
    if row is not None:
        await doing.session.delete(row)
        await tokens.end_sessions(doing.session, login, post=(agency, role))


STEPS: Mapping[AccountAction, Callable[[Doing], Awaitable[str | None]]] = {
    "disable": disable,
    "enable": enable,
    "new_password": new_password,
    "rename": rename,
    "give_post": give_post,
    "take_post": take_post,
}
"""By action; each returns a new password, if there is one. Every refusal is a Problem."""


def role_here(kind: AgencyKind, role: str | None) -> str:
    """The role, when this kind of institution has it. Raises Problem 422."""
    if role is None:
        raise invalid(FieldError("role", "missing"))
    if role not in roles_of(kind):
        raise invalid(FieldError("role", "role_unknown_here"))
    return role


def check_home(doing: Doing) -> None:
    """Whoever gave somebody a post does not get their account at another institution with it. Raises Problem 403."""
    if doing.account.agency != doing.caller.agency:
        raise Problem("account_elsewhere")


def check_other(caller: Caller, account: Account) -> None:
    """Nobody locks themselves out, so that an institution keeps an administrator, or lets themselves in to cases.

    Raises Problem 409.
    """
    if account.login == caller.actor:
        raise Problem("own_account")
