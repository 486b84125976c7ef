"""Drafts: the form of a referral, kept while it is typed, gone through, or discarded."""

from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.api import Referral, ReferralPage
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.language import texts
from services.desk.new.editor import Editor, version_of
from services.desk.new.keeping import Kept, Sent, differing, keep, load
from services.desk.new.merging import BASE
from services.desk.new.objections import objections
from services.desk.new.opinion import ACTIONS, body_of, opinion_view
from services.desk.new.showing import context, edited, exact
from services.desk.new.table import FIELDS
from services.desk.new.values import Values, values_of
from services.desk.now import now_of
from services.desk.pages import render
from services.desk.uploads import Files, files_of, only_files
from services.desk.visitors import Visitor, Who

router = APIRouter()
log = structlog.get_logger()

_CHECKED = ("client", "client_id", "kind", "paid_place", "labour", "route", "grounds", "opinion", "general_clause")
"""Parts of the form on which it depends who may take the person on."""


@router.get("/drafts")
async def drafts(request: Request, desk: At, who: Who, cursor: str | None = None) -> Response:
    """What the institution has begun and not sent, newest first."""
    page = await who.calls(desk).get("/referrals", ReferralPage, box="sent", status="draft", cursor=cursor)
    lacking = {each.id: _lacking(each) for each in page.items}
    return render(request, desk, who, "new/drafts.html", page=page, lacking=lacking)


@router.get("/drafts/{draft_id}")
async def draft(request: Request, desk: At, who: Who, draft_id: UUID) -> Response:
    """The form as it is kept."""
    try:
        found = await load(who.calls(desk), draft_id)
    except Sent:
        return _sent(draft_id)
    return await _form(request, desk, who, await edited(desk, who, found))


@router.post("/drafts/{draft_id}")
async def save(request: Request, desk: At, who: Who, typed: Filled, draft_id: UUID) -> Response:
    """Save, and go on when that was asked for and nothing is missing."""
    calls = who.calls(desk)
    files = await files_of(calls, typed)
    fields = {**typed.fields, "attachments": files.ids}
    try:
        kept = await keep(calls, draft_id, fields, typed.version, mine=typed.text("do") == "mine")
    except Sent:
        return _sent(draft_id)
    except Refused as refused:
        return await _refused(request, desk, who, typed, refused, draft_id)
    if kept.lost:
        return await _clashing(request, desk, who, typed, kept, files)
    page = await edited(desk, who, kept.draft)
    if files.errors:
        return await _form(request, desk, who, page, files=files, errors=dict(files.errors), status=422)
    if only_files(typed):
        return RedirectResponse(f"/drafts/{draft_id}#file", 303)
    if (action := typed.text("do")) in ACTIONS:
        return await _opinion(request, desk, who, typed, page, str(action))
    if action in ("save", "mine"):
        return RedirectResponse(f"/drafts/{draft_id}?saved", 303)
    if page.objections.all:
        return await _form(request, desk, who, page, errors=page.objections.all, status=422)
    return RedirectResponse(f"/drafts/{draft_id}/check", 303)


@router.post("/drafts/{draft_id}/autosave")
async def autosave(request: Request, desk: At, who: Who, typed: Filled, draft_id: UUID) -> Response:
    """Save while somebody types: only what has changed by it comes back."""
    calls = who.calls(desk)
    try:
        before = (await load(calls, draft_id)).form or {}
        kept = await keep(calls, draft_id, typed.fields, typed.version)
    except Sent:
        return Response(headers={"HX-Redirect": f"/referrals/{draft_id}"})
    except Refused as refused:
        if refused.status != 422:
            raise
        return render(request, desk, who, "new/parts/sign.html", failed=True, said=_why(who, refused))
    page = await edited(desk, who, kept.draft)
    told: dict[str, Any] = {
        "page": page,
        "saved_at": exact(await now_of(desk)),
        "clash": (),
        "FIELDS": FIELDS,
        "swap": None,
    }
    after = kept.draft.form or {}
    if kept.lost:
        told["clash"] = _clash(typed, kept)
    elif page.shape.signature != typed.text("shape"):
        told |= {"swap": "fields", **await context(desk, who, page)}
    elif any(before.get(name) != after.get(name) for name in _CHECKED):
        told |= {"swap": "receivers", **await context(desk, who, page)}
    return render(request, desk, who, "new/saved.html", errors=page.objections.wrong, **told)


@router.get("/drafts/{draft_id}/discard")
async def ask_to_discard(request: Request, desk: At, who: Who, draft_id: UUID) -> Response:
    """Whether it is really to be discarded."""
    try:
        found = await load(who.calls(desk), draft_id)
    except Sent:
        return _sent(draft_id)
    return render(request, desk, who, "new/discard.html", draft=found, version=version_of(found))


@router.post("/drafts/{draft_id}/discard")
async def discard(desk: At, who: Who, typed: Filled, draft_id: UUID) -> Response:
    """Discard it, unless somebody has gone on writing meanwhile; one that is gone stays gone."""
    try:
        await who.calls(desk).delete(f"/referrals/{draft_id}", if_match=typed.version)
    except Refused as refused:
        if refused.code == "stale_draft":
            return RedirectResponse(f"/drafts/{draft_id}", 303)
        if refused.status != 404:
            raise
    return RedirectResponse("/drafts", 303)


def _sent(draft_id: UUID) -> Response:
    return RedirectResponse(f"/referrals/{draft_id}", 303)


def _why(who: Visitor, refused: Refused) -> str:
    """What is in the way, each reason once."""
    why = " ".join(dict.fromkeys(refused.fields.values())) or refused.title
    return texts(who.language).gettext("Nie zapisano: %(why)s") % {"why": why}


def _lacking(draft: Referral) -> int:
    found = objections(draft.missing, values_of(draft.form or {}))
    return len(found.wrong) + len(found.missing)


def _clash(typed: Typed, kept: Kept) -> list[tuple[str, str, str]]:
    return differing(Values(typed.fields), values_of(kept.draft.form or {}), kept.lost)


async def _opinion(request: Request, desk: Desk, who: Visitor, typed: Typed, page: Editor, action: str) -> Response:
    """Ask for the opinion, or give the one in the form; what stands against it comes back to the form."""
    body = body_of(action, page.draft, typed)
    address = f"/referrals/{page.draft.id}/actions/{action}"
    try:
        await who.calls(desk).post(address, Referral, body, if_match=page.version)
    except Refused as refused:
        if refused.status != 422:
            raise
        errors = {"opinion.result" if name == "opinion" else name: why for name, why in refused.fields.items()}
        return await _form(request, desk, who, page, errors=errors, status=422)
    return RedirectResponse(f"/drafts/{page.draft.id}?saved", 303)


async def _form(
    request: Request,
    desk: Desk,
    who: Visitor,
    page: Editor,
    *,
    files: Files | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    **told: Any,
) -> Response:
    if page.values.one("client.pesel"):  # the form holds it whole
        log.info("pesel_shown", login=who.login, agency=who.agency.slug, referral_id=str(page.draft.id))
    shown = await context(desk, who, page, files=files)
    shown["opinion"] = await opinion_view(who.calls(desk), who, desk.directory, page.draft)
    shown |= {"version": page.version, "base": page.base, "clash": (), "summary": errors or {}, **told}
    wrong = page.objections.wrong if errors is None else errors
    return render(request, desk, who, "new/form.html", status=status, errors=wrong, **shown)


async def _clashing(request: Request, desk: Desk, who: Visitor, typed: Typed, kept: Kept, files: Files) -> Response:
    """Both versions: what was typed here in the fields, and what is kept of the other beside it."""
    page = await edited(desk, who, kept.draft, Values(typed.fields))
    return await _form(
        request,
        desk,
        who,
        page,
        files=files,
        status=409,
        clash=_clash(typed, kept),
        version=typed.version,
        base=typed.text(BASE) or "",
    )


async def _refused(
    request: Request, desk: Desk, who: Visitor, typed: Typed, refused: Refused, draft_id: UUID
) -> Response:
    """What cannot be kept at all: the same page with what was typed."""
    if refused.status != 422:
        raise refused
    found = await load(who.calls(desk), draft_id)
    page = await edited(desk, who, found, Values(typed.fields))
    return await _form(
        request,
        desk,
        who,
        page,
        errors=refused.fields,
        status=422,
        version=typed.version,
        base=typed.text(BASE) or "",
    )
