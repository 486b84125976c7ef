"""Clients: looked for, seen as a whole, corrected."""

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.clients import Candidates, Client
from services.desk.api import Refused
from services.desk.case import known
from services.desk.case.around import numbered
from services.desk.case.client import client_view
from services.desk.case.looking import wanted
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.new.table import LISTS, ROWS
from services.desk.new.values import Values
from services.desk.once import once
from services.desk.pages import render
from services.desk.visitors import Visitor, Who
from services.desk.wordings import RELATIONS, WHY

router = APIRouter()
log = structlog.get_logger()


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


_DONE = {"withdrawn": _("Wycofano wszystko, co można było wycofać. O reszcie rozstrzygną instytucje przyjmujące.")}
"""What is said on the page of a client after it, msgids."""


@router.get("/clients")
async def clients(request: Request, desk: At, who: Who) -> Response:
    """One field to look for somebody."""
    return _search_page(request, desk, who)


@router.post("/clients")
async def look_for(request: Request, desk: At, who: Who, typed: Filled) -> Response:
    """Who was found and why, or the case with this number. What was typed stays out of the address."""
    text = typed.text("q") or ""
    sought = wanted(text)
    if sought is None:
        return _search_page(request, desk, who, text=text, empty=True)
    if sought.number is not None:
        link = await numbered(desk, who, sought.number)
        if link is not None:
            return RedirectResponse(link, 303)
        return _search_page(request, desk, who, text=text, number=sought.number)
    try:
        found = await who.calls(desk).post("/clients/search", Candidates, sought.person)
    except Refused as refused:
        if refused.status not in (422, 429):
            raise
        said = next(iter(refused.fields.values()), refused.title)
        return _search_page(request, desk, who, text=text, said=said, status=refused.status)
    return _search_page(request, desk, who, text=text, found=found)


@router.get("/clients/{client_id}")
async def client(request: Request, desk: At, who: Who, client_id: UUID, done: str | None = None) -> Response:
    """One client. A record merged into another one leads there. `done`: what was just done."""
    found = await who.calls(desk).get(f"/clients/{client_id}", Client)
    if found.id != client_id:
        return RedirectResponse(f"/clients/{found.id}", 303)
    return await _page(request, desk, who, found, done=_DONE.get(done or ""))


@router.post("/clients/{client_id}/pesel")
async def show_pesel(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """The page with the whole PESEL on it, which is noted."""
    found = await who.calls(desk).get(f"/clients/{client_id}", Client)
    _note_pesel(who, client_id)
    return await _page(request, desk, who, found, with_pesel=True)


@router.get("/clients/{client_id}/edit")
async def edit(request: Request, desk: At, who: Who, client_id: UUID) -> Response:
    """What is known, to be corrected."""
    found = await who.calls(desk).get(f"/clients/{client_id}", Client)
    return _edit_page(request, desk, who, found, known.values(found), version=str(found.version))


@router.post("/clients/{client_id}/edit")
async def correct(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """Correct it. What stands in the way comes back to the fields with what was typed."""

    async def do() -> str:
        told = known.known_of(typed.fields)
        changed = await who.calls(desk).put(f"/clients/{client_id}", Client, told, if_match=typed.version)
        return f"/clients/{changed.id}"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in (409, 412, 422):
            raise
        found = await who.calls(desk).get(f"/clients/{client_id}", Client)
        stale = refused.status == 412
        return _edit_page(
            request,
            desk,
            who,
            found,
            Values(typed.fields),
            version=str(found.version) if stale else typed.version,
            refused=refused,
            now=known.values(found) if stale else None,
        )


def _note_pesel(who: Visitor, client_id: UUID) -> None:
    log.info("pesel_shown", login=who.login, agency=who.agency.slug, client_id=str(client_id))


async def _page(
    request: Request, desk: Desk, who: Visitor, found: Client, *, with_pesel: bool = False, done: str | None = None
) -> Response:
    view = await client_view(desk, who, found)
    return render(
        request, desk, who, "case/client.html", view=view, with_pesel=with_pesel, done=done, RELATIONS=RELATIONS
    )


def _search_page(
    request: Request,
    desk: Desk,
    who: Visitor,
    *,
    status: int = 200,
    text: str = "",
    found: Candidates | None = None,
    number: str | None = None,
    said: str | None = None,
    empty: bool = False,
) -> Response:
    """`number`: of no case of ours; `said`: why nobody was looked for; `empty`: nothing was typed."""
    told: dict[str, Any] = {"text": text, "found": found, "number": number, "empty_question": empty, "WHY": WHY}
    return render(request, desk, who, "case/clients.html", status=status, errors={"q": said} if said else {}, **told)


def _edit_page(
    request: Request,
    desk: Desk,
    who: Visitor,
    found: Client,
    values: Values,
    *,
    version: str | None,
    refused: Refused | None = None,
    now: Values | None = None,
) -> Response:
    """The form holds the whole PESEL, which is noted. `now`: what is known by now, when somebody else has changed it
    meanwhile."""
    if found.known.person.pesel:
        _note_pesel(who, found.id)
    return render(
        request,
        desk,
        who,
        "case/edit.html",
        status=refused.status if refused else 200,
        client=found,
        values=values,
        version=version,
        errors=known.at_fields(refused.fields) if refused else {},
        refused=refused,
        now=now,
        first=known.FIRST,
        more=known.more(),
        options={"client.address.gmina": known.gminas(desk.directory, values)},
        FIELDS=known.ASKED,
        ROWS=ROWS,
        LISTS=LISTS,
    )
