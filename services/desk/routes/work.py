"""My work: everything that waits for this person, in one list."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import Referral
from contracts.base import Code, Message
from contracts.work import Beside, WorkKind
from rules.calendar import local_day
from rules.limits import limit
from rules.roles import decides, deciding_roles, is_head
from services.desk.api import Refused, Unreachable
from services.desk.case import done as after
from services.desk.colleagues import People, colleagues, login_of
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.likings import like, liking
from services.desk.listing import calls_of, is_passive, query_of, shown
from services.desk.new.ready import to_send
from services.desk.once import once
from services.desk.pages import render
from services.desk.places.known import to_answer
from services.desk.refresh import learn
from services.desk.tasks import GROUPS, Bounds, Group, theirs
from services.desk.visitors import Visitor, Who
from services.desk.work import Listed, Reader, Wanted, people_at_work, refused_lately, waiting

router = APIRouter()

Whose = Literal["mine", "all"]
Order = Literal["due", "oldest", "newest"]


class View(Message):
    """How the list may be narrowed and ordered. `person`: the id of an account."""

    whose: Whose | None = None
    what: WorkKind | None = None
    unit: Code | None = None
    person: UUID | None = None
    order: Order | None = None


@router.get("/work")
async def my_work(
    request: Request,
    desk: At,
    who: Who,
    whose: Whose | None = None,
    what: WorkKind | None = None,
    unit: Code | None = None,
    person: UUID | None = None,
    group: Group | None = None,
    order: Order = "due",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """What waits for this person, or for the whole institution; without a choice as they chose last."""
    if not request.url.query and (chosen := await liking(desk, who, "work", View)):
        return RedirectResponse(f"/work?{chosen}", 303)
    scope: Whose = whose or ("mine" if decides([who.role]) else "all")
    people = await colleagues(calls_of(request, desk, who))
    wanted = Wanted(what=what, unit=unit, person=login_of(people, person), group=group, order=order)

    async def find(session: AsyncSession, bounds: Bounds, skip: int, most: int) -> Listed:
        roles = frozenset([who.role]) if scope == "mine" else deciding_roles(who.agency.kind)
        return await waiting(
            session, _reader(who), theirs(roles), wanted, bounds, skip, most, only_mine=scope == "mine"
        )

    found = await shown(request, desk, who, page, people, find)
    told: dict[str, Any] = {
        "shown": found,
        "groups": GROUPS,
        "wanted": wanted,
        "whose": scope,
        "query": query_of(whose=scope, what=what, unit=unit, person=person, order=order),
    }
    if is_passive(request):
        return render(request, desk, who, "work/work.html", block="list", **told)
    beside = await _beside(request, desk, who)
    told["questions"] = await to_answer(who.calls(desk))
    told["to_sign"] = await to_send(who.calls(desk)) if beside and beside.drafts and is_head([who.role]) else 0
    return render(request, desk, who, "work/work.html", **told, **await _around(desk, who, people), beside=beside)


@router.post("/work/view")
async def choose_view(desk: At, who: Who, typed: Filled) -> Response:
    """Show the list like this, now and from now on."""
    query = await like(desk, who, "work", View, {name: typed.text(name) for name in View.model_fields})
    return RedirectResponse(f"/work?{query}" if query else "/work", 303)


@router.post("/work/claim")
async def claim(desk: At, who: Who, typed: Filled) -> Response:
    """Take a referral for review, and go to it."""
    referral_id = typed.identity("id")

    async def do() -> str:
        calls = who.calls(desk)
        taken = await calls.post(f"/referrals/{referral_id}/actions/claim", Referral, {}, if_match=typed.version)
        await learn(desk, who, taken.path_id)
        return after.address(taken, "claim")

    return await once(desk, who, typed.key, do)


def _reader(who: Visitor) -> Reader:
    return Reader(who.login, who.agency.units_of(who.login), all_of_it=is_head([who.role]))


async def _around(desk: Desk, who: Visitor, people: People) -> dict[str, Any]:
    """What stands around the list: whose work there is, and what the other side has refused lately."""
    async with desk.database.transaction(who.agency.slug) as session:
        now = await desk.clock.now(session)
        days = limit("refusals_shown_days", local_day(now))
        refused = await refused_lately(session, now, days)
        at_work = await people_at_work(session) if is_head([who.role]) else ()
    return {"refused": refused, "refused_days": days, "people": [people[login] for login in at_work if login in people]}


async def _beside(request: Request, desk: Desk, who: Visitor) -> Beside | None:
    """Drafts and imports; a list of work is not to fail because of them."""
    try:
        return await calls_of(request, desk, who).get("/work-items/beside", Beside)
    except (Refused, Unreachable):
        return None
