"""The people of an institution from outside: for whoever runs the node, and for the first administrator there."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from pydantic import ValidationError

from contracts.accounts import Account, AccountAction, AccountChange, Admitted, Borrowed, NewAccount
from contracts.directory import Agency
from rules.roles import roles, roles_of
from services.edge.accounts import AccountDesk
from services.edge.tokens import Tokens
from services.kit.caller import Caller
from services.kit.clock import DatabaseClock
from services.kit.letters import Place
from services.kit.problems import Problem
from stack.databases import opened
from stack.deciding import operator
from stack.errors import StackError
from stack.institutions import read_directory


async def list_(data: Path, institution: str) -> list[Account]:
    """Everybody who may sign in for this institution. Raises StackError."""
    async with _desk(data, institution) as (desk, caller):
        return await _all(desk, caller)


async def add(data: Path, institution: str, login: str, name: str, role: str) -> Admitted:
    """Let a person in. Raises StackError."""
    try:
        new = NewAccount(login=login, name=name, role=role)
    except ValidationError:
        raise StackError(
            "Login to małe litery bez polskich znaków, cyfry, kropki i myślniki; nazwisko ma od 1 do 100 znaków.",
            "Na przykład: sciezka accounts add ops-poraj anna.nowak OPS_HEAD --name 'Anna Nowak'.",
        ) from None
    async with _desk(data, institution) as (desk, caller):
        return await desk.add(caller, new)


async def give(data: Path, institution: str, login: str, role: str) -> Account:
    """A role in this institution for anybody who has an account at its node. Raises StackError."""
    async with _desk(data, institution) as (desk, caller):
        return await desk.borrow(caller, Borrowed(login=login, role=role))


async def change(data: Path, institution: str, login: str, action: AccountAction, role: str | None = None) -> Admitted:
    """One of the actions on an account. Raises StackError."""
    async with _desk(data, institution) as (desk, caller):
        found = next((each for each in await _all(desk, caller) if each.login == login), None)
        if found is None:
            raise StackError(f"Nie ma konta {login} w instytucji {institution}.", "Sprawdź: sciezka accounts list.")
        return await desk.act(caller, found.id, action, AccountChange(role=role))


async def _all(desk: AccountDesk, caller: Caller) -> list[Account]:
    page = await desk.page(caller, None)
    found = [*page.items]
    while page.next is not None:
        page = await desk.page(caller, found[-1].id)
        found += page.items
    return found


@asynccontextmanager
async def _desk(data: Path, institution: str) -> AsyncIterator[tuple[AccountDesk, Caller]]:
    """The accounts as an administrator of the institution has them. What the desk refuses becomes a StackError."""
    directory = read_directory(data)
    agency = directory.find(institution)
    if agency is None:
        raise StackError(f"Nie ma instytucji {institution}.", "Sprawdź spis: sciezka directory check.")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the answer alone is for a pipe
    caller = Caller(agency=agency.slug, roles=frozenset({"ADMIN"}), actor=operator())
    clock = DatabaseClock()
    async with opened(data, Place(agency.node, "edge")) as database:
        try:
            yield AccountDesk(database, clock, directory, Tokens(database, clock)), caller
        except Problem as problem:
            raise _refused(problem, agency) from None


def _refused(problem: Problem, agency: Agency) -> StackError:
    """The interface's own words, with the roles there are when that is what was wrong."""
    body = problem.body("pl")
    sentence = " ".join(error["message"] for error in body.get("errors", ())) or body["title"]
    known = ", ".join(sorted(roles_of(agency.kind), key=list(roles()).index))
    return StackError(sentence, f"Role w tej instytucji: {known}.")
