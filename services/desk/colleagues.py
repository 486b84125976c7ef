"""Who works at the institution: a login in a list becomes a name, and in an address the id of its account."""

from uuid import UUID

from contracts.accounts import Colleague, Colleagues
from contracts.directory import Directory
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


def called(people: People, directory: Directory, actor: str | None) -> str | None:
    """The name of who did something: a person by login, who keeps the login, without its institution, when they are no
    longer there; or an institution, whose own token or electronic application it was."""
    if actor is None:
        return None
    agency = directory.find(actor)
    if agency is not None:
        return agency.name
    return people[actor].name if actor in people else actor.partition("@")[0]


def login_of(people: People, account: UUID | None) -> str | None:
    """The login of this account; None when none is asked for. For one that is not there, what is nobody's login: a list
    that is asked for a stranger's rows has none to show."""
    if account is None:
        return None
    return next((each.login for each in people.values() if each.id == account), str(account))
