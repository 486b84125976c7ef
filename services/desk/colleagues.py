"""Who works at the institution: a login in a list becomes a name, and in an address the id of its account."""

from uuid import UUID

from contracts.accounts import Colleague, Colleagues
from services.desk.api import Calls, Refused, Unreachable

People = dict[str, Colleague]
"""By login."""


async def colleagues(calls: Calls) -> People:
    """Everybody who may sign in there. When that cannot be learned, a page still shows what it has."""
    try:
        told = await calls.get("/colleagues", Colleagues)
    except (Refused, Unreachable):
        return {}
    return {each.login: each for each in told.items}


def called(people: People, login: str | None) -> str | None:
    """The name of who has this login; who is no longer there keeps the login, without its institution."""
    if login is None:
        return None
    return people[login].name if login in people else login.partition("@")[0]


def login_of(people: People, account: UUID | None) -> str | None:
    """The login of this account; None for one that is not there, as for none."""
    return next((each.login for each in people.values() if each.id == account), None)
