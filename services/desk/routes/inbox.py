"""The inbox: what came in and is not decided, by unit and by person."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import Code, Message
from services.desk import work
from services.desk.colleagues import colleagues, login_of
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.likings import like, liking
from services.desk.listing import calls_of, is_passive, query_of, shown
from services.desk.pages import render
from services.desk.routes.work import Order
from services.desk.tasks import Bounds
from services.desk.visitors import Who
from services.desk.work import Listed, Wanted

router = APIRouter()

NOBODY: Literal["-"] = "-"
"""In an address, the person of what nobody has taken yet."""

Person = UUID | Literal["-"]
"""In an address, the id of an account, or NOBODY."""


class View(Message):
    """How the list may be narrowed and ordered."""

    unit: Code | None = None
    person: Person | None = None
    order: Order | None = None


@router.get("/inbox")
async def inbox(
    request: Request,
    desk: At,
    who: Who,
    unit: Code | None = None,
    person: Person | None = None,
    order: Order = "due",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Everything received that waits for a decision, whoever works on it."""
    if not request.url.query and (chosen := await liking(desk, who, "inbox", View)):
        return RedirectResponse(f"/inbox?{chosen}", 303)
    people = await colleagues(calls_of(request, desk, who))
    login = "" if person == NOBODY else login_of(people, person)
    wanted = Wanted(unit=unit, person=login, order=order)

    async def find(session: AsyncSession, bounds: Bounds, skip: int, most: int) -> Listed:
        return await work.inbox(session, wanted, bounds, skip, most)

    found = await shown(request, desk, who, page, people, find)
    async with desk.database.transaction(who.agency.slug) as session:
        at_work = await work.people_at_work(session)
    return render(
        request,
        desk,
        who,
        "work/inbox.html",
        block="list" if is_passive(request) else None,
        shown=found,
        wanted=wanted,
        people=[people[each] for each in {who.login: 0, **dict.fromkeys(at_work)} if each in people],
        nobody=NOBODY,
        person=person,
        query=query_of(unit=unit, person=person, order=order),
    )


@router.post("/inbox/view")
async def choose_view(desk: At, who: Who, typed: Filled) -> Response:
    """Show the inbox like this, now and from now on."""
    query = await like(desk, who, "inbox", View, {name: typed.text(name) for name in View.model_fields})
    return RedirectResponse(f"/inbox?{query}" if query else "/inbox", 303)
