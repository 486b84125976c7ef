"""The last look before a referral goes, its sending, and what is said after it."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.api import Path, Referral
from contracts.codes import ReferralKind
from rules.errors import RoleNotAllowed
from rules.kinds import kinds
from rules.lifecycle import decide
from services.desk.api import Calls, Refused
from services.desk.case.events import DEADLINES
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.language import texts
from services.desk.new.keeping import Sent, load
from services.desk.new.review import BEFORE, DOSSIER, sections, seen
from services.desk.new.showing import edited
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn
from services.desk.uploads import Files, files_named
from services.desk.visitors import Visitor, Who

router = APIRouter()

_WAIT_SECONDS = 1.0
"""How long the receipt waits for the path to tell what falls due; after that it says so."""

_POLL_SECONDS = 0.1


@router.get("/drafts/{draft_id}/check")
async def check(request: Request, desk: At, who: Who, draft_id: UUID) -> Response:
    """Everything that was told, and what of it the receiver will see."""
    try:
        draft = await load(who.calls(desk), draft_id)
    except Sent:
        return RedirectResponse(f"/referrals/{draft_id}", 303)
    return await _check(request, desk, who, draft)


@router.post("/drafts/{draft_id}/send")
async def send(request: Request, desk: At, who: Who, typed: Filled, draft_id: UUID) -> Response:
    """Send it, once."""
    calls = who.calls(desk)

    async def do() -> str:
        sent = await calls.post(f"/referrals/{draft_id}/actions/submit", Referral, {}, if_match=typed.version)
        await learn(desk, who, sent.path_id)
        return f"/referrals/{sent.id}/receipt"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.code == "illegal_action":  # sent already, from another page
            return RedirectResponse(f"/referrals/{draft_id}/receipt", 303)
        if refused.status not in (403, 409, 412, 422):
            raise
        return await _refused(request, desk, who, draft_id, refused)


@router.get("/referrals/{referral_id}/receipt")
async def receipt(request: Request, desk: At, who: Who, referral_id: UUID) -> Response:
    """The number, what happens next, and by when."""
    calls = who.calls(desk)
    referral = await calls.get(f"/referrals/{referral_id}", Referral)
    if referral.status == "draft":
        return RedirectResponse(f"/drafts/{referral_id}", 303)
    path = await _path(calls, referral)
    due = [] if path is None else [each for each in path.deadlines if each.referral_id == referral_id]
    return render(
        request,
        desk,
        who,
        "new/receipt.html",
        referral=referral,
        receiver=desk.directory.find(referral.receiver or ""),
        due=sorted(due, key=lambda each: each.due_at),
        followed=path is not None,
        DEADLINES=DEADLINES,
    )


async def _check(
    request: Request, desk: Desk, who: Visitor, draft: Referral, refused: Refused | None = None
) -> Response:
    """The page; one that lacks something goes back to the form, which names it."""
    page = await edited(desk, who, draft)
    if draft.kind is None or page.receiver is None or draft.client is None or (draft.missing and refused is None):
        return RedirectResponse(f"/drafts/{draft.id}", 303)
    say = texts(who.language).gettext
    shared = seen(draft.client, sender=who.agency, receiver=page.receiver, kind=draft.kind, language=who.language)
    return render(
        request,
        desk,
        who,
        "new/check.html",
        status=refused.status if refused else 200,
        draft=draft,
        page=page,
        sections=sections(page, say),
        files=Files(await files_named(who.calls(desk), page.values.all("attachments"))),
        seen=shared,
        DOSSIER=DOSSIER,
        BEFORE=BEFORE,
        kind=kinds().by_code[draft.kind].wording[who.language],
        issuers=_issuers(who, draft.kind),
        refused=refused,
    )


async def _refused(request: Request, desk: Desk, who: Visitor, draft_id: UUID, refused: Refused) -> Response:
    """Why it did not go: fields to correct are on the form; anything else is said here, with what stands in the way."""
    try:
        draft = await load(who.calls(desk), draft_id)
    except Sent:  # from another page
        return RedirectResponse(f"/referrals/{draft_id}/receipt", 303)
    if refused.status == 422:
        return RedirectResponse(f"/drafts/{draft_id}", 303)
    return await _check(request, desk, who, draft, refused)


def _issuers(who: Visitor, kind: ReferralKind) -> str | None:
    """Who may send it, when this person may not, in a sentence of the rules."""
    try:
        decide(kind=kind, status="draft", action="submit", side="sender", roles=[who.role])
    except RoleNotAllowed as refused:
        return refused.wording[who.language]
    return None


async def _path(calls: Calls, referral: Referral) -> Path | None:
    """The path once it knows of this referral; None when that takes longer than the page waits."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _WAIT_SECONDS
    while True:
        try:
            path = await calls.get(f"/paths/{referral.path_id}", Path)
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            if any(entry.referral_id == referral.id for entry in path.timeline):
                return path
        if loop.time() >= until:
            return None
        await asyncio.sleep(_POLL_SECONDS)
