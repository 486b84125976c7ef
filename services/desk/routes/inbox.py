"""The inbox: what came in and is not decided, by unit and by person."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import Code, Message
from contracts.codes import Status
from rules.lifecycle import states
from services.desk import work
from services.desk.colleagues import colleagues, login_of
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.likings import like, liking
from services.desk.listing import calls_of, is_passive, query_of, shown
from services.desk.pages import render
from services.desk.routes.work import Order
from services.desk.tasks import IN_CHARGE, UNDECIDED, Bounds
from services.desk.visitors import Who
from services.desk.work import Listed, Wanted

router = APIRouter()

NOBODY: Literal["-"] = "-"
"""In an address, the person of what nobody has taken yet."""

Person = UUID | Literal["-"]
"""In an address, the id of an account, or NOBODY."""


InOrder = Order | Literal["line"]
"""A line orders those who wait for a place."""

State = Literal["undecided", "waitlisted", "in_charge", "ended"]
_STATUSES: dict[State, tuple[Status, ...]] = {
    "undecided": UNDECIDED,
    "waitlisted": ("waitlisted",),
    "in_charge": IN_CHARGE,
    "ended": tuple(state.code for state in states() if not state.open),
}


class View(Message):
    """How the list may be narrowed and ordered."""

    state: State | None = None
    unit: Code | None = None
    person: Person | None = None
    order: InOrder | None = None


@router.get("/inbox")
async def inbox(
    request: Request,
    desk: At,
    who: Who,
    state: State = "undecided",
    unit: Code | None = None,
    person: Person | None = None,
    order: InOrder | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Everything received, whoever works on it: what waits for a decision, unless something else is asked for."""
    if not request.url.query and (chosen := await liking(desk, who, "inbox", View)):
        return RedirectResponse(f"/inbox?{chosen}", 303)
    people = await colleagues(calls_of(request, desk, who))
    login = "" if person == NOBODY else login_of(people, person)
    in_order = order or ("line" if state == "waitlisted" else "due")
    wanted = Wanted(unit=unit, person=login, order=in_order)

    async def find(session: AsyncSession, bounds: Bounds, skip: int, most: int) -> Listed:
        return await work.inbox(session, _STATUSES[state], wanted, bounds, skip, most)

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
        state=state,
        query=query_of(state=state, unit=unit, person=person, order=order),
    )


@router.post("/inbox/view")
async def choose_view(desk: At, who: Who, typed: Filled) -> Response:
    """Show the inbox like this, now and from now on."""
    query = await like(desk, who, "inbox", View, {name: typed.text(name) for name in View.model_fields})
    return RedirectResponse(f"/inbox?{query}" if query else "/inbox", 303)
