"""Wnioski of an OPS: which there are, step by step, and each with what is due and what may be done."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from contracts.applications import Application, ApplicationPage
from contracts.codes import ApplicationStatus
from rules.applications import open_statuses, wording_of_status
from rules.calendar import local_day
from services.desk.colleagues import called, colleagues
from services.desk.context import At, Desk
from services.desk.intake import applicants, steps
from services.desk.intake.words import reason_in, step_said, words_in
from services.desk.now import now_of
from services.desk.pages import render
from services.desk.routes.ops_only import OPS_ONLY
from services.desk.uploads import opened
from services.desk.visitors import Visitor, Who

router = APIRouter(dependencies=OPS_ONLY)

CLOSED: tuple[ApplicationStatus, ...] = ("referred", "refused", "withdrawn")


@dataclass(frozen=True)
class Group:
    """The applications of one step, those that are due first on top; `more`: there are others."""

    status: ApplicationStatus
    label: str
    items: Sequence[Application]
    more: bool


@router.get("/applications")
async def applications(
    request: Request, desk: At, who: Who, status: ApplicationStatus | None = None, cursor: str | None = None
) -> Response:
    """Those that go on, by step; or all in one state, newest first."""
    shown = open_statuses() if status is None else (status,)
    pages = await asyncio.gather(*(_page(desk, who, each, cursor) for each in shown))
    groups = [
        Group(each, wording_of_status(each)[who.language], _by_due(page.items), page.next is not None)
        for each, page in zip(shown, pages, strict=True)
        if page.items
    ]
    following = pages[0].next if status is not None else None
    closed = [(each, wording_of_status(each)[who.language]) for each in CLOSED]
    return render(
        request,
        desk,
        who,
        "intake/applications.html",
        groups=groups,
        only=status,
        following=following,
        closed=closed,
        onward=steps.onward,
        next_role=lambda item: steps.next_role(item, who.language),
        now=await now_of(desk),
    )


@router.get("/applications/from/{referral_id}")
async def application_from(request: Request, desk: At, who: Who, referral_id: UUID) -> Response:
    """The application that an accepted one of another institution was registered as, once it is."""
    found = await who.calls(desk).get("/applications", ApplicationPage, source=str(referral_id))
    if not found.items:
        return render(request, desk, who, "intake/not_yet.html", referral_id=referral_id)
    return RedirectResponse(f"/applications/{found.items[0].id}", 303)


@router.get("/applications/{application_id}/files/{file_id}")
async def file_of_application(desk: At, who: Who, application_id: UUID, file_id: UUID) -> Response:
    """A file that came with it. The interface notes who opened it."""
    calls = who.calls(desk)
    found = await calls.get(f"/applications/{application_id}", Application)
    if file_id not in [file.id for file in found.client.attachments or ()]:
        raise HTTPException(404)
    return await opened(calls, file_id)


@router.get("/applications/{application_id}")
async def application(request: Request, desk: At, who: Who, application_id: UUID, done: str | None = None) -> Response:
    """One application. `done`: the step that was just taken."""
    found = await who.calls(desk).get(f"/applications/{application_id}", Application)
    return await page(request, desk, who, found, done=done)


async def page(
    request: Request,
    desk: Desk,
    who: Visitor,
    found: Application,
    *,
    done: str | None = None,
    said: str | None = None,
    status: int = 200,
) -> Response:
    """The page of an application; `said`: why something could not be done."""
    language = who.language
    now, people = await asyncio.gather(now_of(desk), colleagues(who.calls(desk)))
    return render(
        request,
        desk,
        who,
        "intake/application.html",
        status=status,
        application=found,
        state=wording_of_status(found.status)[language],
        applicant=applicants.said(found.applicant, desk.directory, language),
        centre=desk.directory.find(found.receiver) if found.receiver else None,
        barred=steps.barred(found, who.role, language),
        ending=steps.ENDING,
        onward=steps.onward,
        taken=[
            (step, step_said(step.action, language), called(people, desk.directory, step.actor)) for step in found.steps
        ],
        words=words_in(language, local_day(now)),
        reason=reason_in(found.reason, language),
        done=step_said(done, language) if done in [step.action for step in found.steps] else None,
        said=said,
        now=now,
    )


async def _page(desk: Desk, who: Visitor, status: ApplicationStatus, cursor: str | None) -> ApplicationPage:
    return await who.calls(desk).get("/applications", ApplicationPage, status=status, cursor=cursor)


def _by_due(items: Sequence[Application]) -> Sequence[Application]:
    """The sooner due the higher; without a term as they came."""
    return sorted(items, key=lambda item: (not item.due, item.due and item.due[0].due_at))
