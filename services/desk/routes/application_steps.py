"""The steps of an application: each its own short page with the fields that the interface names for it."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.api import AvailableAction
from contracts.applications import Application
from contracts.unfinished import Unfinished
from rules.calendar import local_day
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed, new_key
from services.desk.intake import unfinished
from services.desk.intake.choosing import Choices, choices_of
from services.desk.intake.facts import GROUPS, asked, typed_values
from services.desk.intake.offers import presets, shown_at_first
from services.desk.intake.preview import preview
from services.desk.intake.reading import placed
from services.desk.intake.steps import FORM, OPINION, action_named, body_of
from services.desk.intake.words import named, words_in
from services.desk.language import texts
from services.desk.now import now_of
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn
from services.desk.routes.applications import page as page_of_application
from services.desk.routes.ops_only import OPS_ONLY
from services.desk.uploads import KEPT, Files, files_named, files_of, only_files
from services.desk.visitors import Visitor, Who
from services.kit.paper.answer import called, pdf_answer
from services.kit.paper.press import pdf

router = APIRouter(dependencies=OPS_ONLY)

_SHOWN = (403, 409, 412, 422)
"""Refusals after which what was typed is shown again."""


@router.get("/applications/{application_id}/actions/{action}")
async def step_page(request: Request, desk: At, who: Who, application_id: UUID, action: str) -> Response:
    """What the step asks for."""
    found = await _application(desk, who, application_id)
    offered = action_named(found, action)
    if offered is None:
        return RedirectResponse(f"/applications/{application_id}", 303)
    return await _page(request, desk, who, found, offered, begun=await unfinished.kept(who.calls(desk), found, action))


@router.post("/applications/{application_id}/actions/{action}")
async def take_step(request: Request, desk: At, who: Who, typed: Filled, application_id: UUID, action: str) -> Response:
    """Take it, or show the same page with what was typed and what is to be corrected."""
    found = await _application(desk, who, application_id)
    offered = action_named(found, action)
    calls = who.calls(desk)
    if offered is None:  # done by somebody else meanwhile, or by the same form sent twice
        return await once(desk, who, typed.key, lambda: _away(application_id))
    files = await files_of(calls, typed)
    reading = body_of(offered, typed, found, who.language)
    if only_files(typed) or reading.errors or files.errors:
        errors = {**reading.errors, **dict(files.errors)}
        status = 422 if errors else 200
        with suppress(Refused):  # what cannot be kept is still on the page
            fields, today = {**typed.fields, KEPT: files.ids}, local_day(await now_of(desk))
            await unfinished.keep(calls, found, offered, fields, typed.version, today=today)
        return await _page(request, desk, who, found, offered, typed, files, errors=errors, status=status)
    if files.ids:
        reading.body.setdefault("form", {})["attachments"] = files.ids

    async def do() -> str:
        path = f"/applications/{application_id}/actions/{action}"
        changed = await calls.post(path, Application, reading.body, if_match=typed.version)
        await learn(desk, who, changed.path_id)
        return f"/applications/{changed.id}?done={action}"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in _SHOWN:
            raise
        now = await _application(desk, who, application_id)
        still = action_named(now, action)
        if still is None:
            return await page_of_application(request, desk, who, now, said=refused.title, status=refused.status)
        return await _page(request, desk, who, now, still, typed, files, refused=refused)


@router.post("/applications/{application_id}/preview.pdf")
async def preview_of_letter(request: Request, desk: At, who: Who, typed: Filled, application_id: UUID) -> Response:
    """The letter as it would be issued with what is typed so far."""
    found = await _application(desk, who, application_id)
    offered = action_named(found, "issue")
    receiver = desk.directory.find(typed.text("receiver") or "")
    if offered is None:
        return RedirectResponse(f"/applications/{application_id}", 303)
    reading = body_of(offered, typed, found, who.language)
    sheet = preview(desk.directory, found, receiver, reading.body, await now_of(desk)) if receiver else None
    if sheet is None:
        errors = {"receiver": texts(who.language).gettext("Wybierz jednostkę przyjmującą, żeby zobaczyć pismo.")}
        return await _page(request, desk, who, found, offered, typed, errors=errors, status=422)
    return pdf_answer(await pdf(sheet), called(f"podglad-{found.number}"))


async def _away(application_id: UUID) -> str:
    return f"/applications/{application_id}"


async def _application(desk: Desk, who: Visitor, application_id: UUID) -> Application:
    return await who.calls(desk).get(f"/applications/{application_id}", Application)


async def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    found: Application,
    action: AvailableAction,
    typed: Typed | None = None,
    files: Files | None = None,
    *,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
    status: int = 200,
    begun: Unfinished | None = None,
) -> Response:
    """The step with what is `typed` in it, or with what was typed before, `begun`, and not sent."""
    today = local_day(await now_of(desk))
    names = [field.name for field in action.fields]
    values = shown_at_first(found, action.action, today)
    if begun is not None:
        values |= unfinished.values_in(begun)
        files = Files(await files_named(who.calls(desk), begun.fields.get(KEPT, ())))
    if typed is not None:
        values |= typed.values | {FORM + name: value for name, value in typed_values(typed, FORM).items()}
    receivers: Choices | None = None
    if "receiver" in names:
        receivers = await choices_of(who.calls(desk), found)
    wrong = placed((refused.fields if refused else errors) or {}, _fields(names, values))
    return render(
        request,
        desk,
        who,
        "intake/step.html",
        status=refused.status if refused else status,
        application=found,
        action=action,
        names=names,
        reasons=[(each.code, each.label) for field in action.fields for each in field.options],
        values=values,
        errors=wrong,
        named=named(wrong, who.language),
        refused=refused,
        key=typed.key if typed and not errors and not refused else new_key(),
        files=files or Files(),
        saved_at=begun.saved_at if begun else None,
        over=False,
        unknown=asked(action.action, found.client),
        groups=GROUPS,
        words=words_in(who.language, today),
        presets=presets(today),
        receivers=receivers,
        files_said=[(str(file.id), file.name) for file in found.client.attachments or ()],
    )


def _fields(names: list[str], values: dict[str, Any]) -> list[str]:
    """What the page asks for: the opinion by its parts, the rest as the interface names it."""
    opinion = [f"opinion.{part}" for part in OPINION] if "opinion" in names else []
    return [*(name for name in names if name not in ("opinion", "form")), *opinion, *values]
