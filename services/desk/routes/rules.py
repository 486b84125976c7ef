"""Terminy i przepisy: how long there is for what, and which deadlines have moved."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from contracts.api import DuePage
from contracts.rulebook import Rulebook
from services.desk import work
from services.desk.case.events import DEADLINES
from services.desk.case.timeline import name_of
from services.desk.context import At
from services.desk.pages import render
from services.desk.rows import rows_of
from services.desk.rulebook import KINDS, MEANINGS, SIDES, sections
from services.desk.tasks import bounds
from services.desk.visitors import Who

router = APIRouter()


@router.get("/rules")
async def rules(
    request: Request,
    desk: At,
    who: Who,
    rule: Annotated[str | None, Query(max_length=60)] = None,
    unfolded: bool = False,
) -> Response:
    """The rules in force today. `rule`: the one to show; `unfolded`: all of them at once, to be searched or printed."""
    book = await who.calls(desk).get("/rules", Rulebook)
    return render(
        request,
        desk,
        who,
        "rules/rules.html",
        book=book,
        sections=sections(book, who.agency, rule, unfolded=unfolded),
        wanted=rule,
        unfolded=unfolded,
        KINDS=KINDS,
        SIDES=SIDES,
        MEANINGS=MEANINGS,
    )


@router.get("/rules/moved")
async def moved(
    request: Request, desk: At, who: Who, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> Response:
    """The deadlines of the institution's cases whose date has changed, the last change first."""
    calls = who.calls(desk)
    page = await calls.get("/deadlines", DuePage, moved=True, cursor=cursor)
    async with desk.database.transaction(who.agency.slug) as session:
        frame = bounds(await desk.clock.now(session))
        own = await work.items_of(session, {due.referral_id for due in page.items})
    rows = await rows_of(calls, desk.directory, who, {}, own, {}, frame)
    return render(
        request,
        desk,
        who,
        "rules/moved.html",
        dues=page.items,
        rows={row.item.id: row for row in rows},
        rule_name=lambda rule: DEADLINES.get(rule, rule),
        owner_name=lambda slug: name_of(desk.directory, slug),
        following=page.next,
    )
