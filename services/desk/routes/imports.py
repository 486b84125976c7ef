"""Lists of referrals from files: sent in, tried first; what became of each row; the rows to correct."""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from contracts.imports import FileColumns, Import, ImportAction, ImportedRowPage, ImportPage, Outcome
from rules.limits import highest
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.intake import lists
from services.desk.language import texts
from services.desk.once import once
from services.desk.pages import render
from services.desk.visitors import Visitor, Who

router = APIRouter()

_HTMX = "hx-request"
_KEPT = ("content-type", "content-disposition", "x-content-type-options")


@router.get("/imports")
async def imports(request: Request, desk: At, who: Who, cursor: str | None = None) -> Response:
    """The institution's lists, newest first."""
    page = await who.calls(desk).get("/imports", ImportPage, cursor=cursor)
    return render(request, desk, who, "intake/imports.html", page=page)


@router.get("/imports/new")
async def new_import(request: Request, desk: At, who: Who) -> Response:
    return _page(request, desk, who)


@router.get("/imports/template.csv")
async def template(who: Who) -> Response:
    """An empty list to begin with."""
    headers = {"Content-Disposition": 'attachment; filename="lista-skierowan.csv"'}
    return Response(lists.template(who.language), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/imports/new")
async def send_in(request: Request, desk: At, who: Who, typed: Filled) -> Response:
    """Take a file in; when its columns are not understood, ask about them first."""
    _ = texts(who.language).gettext
    file = next((each for each in typed.uploads.get("file", ()) if each.filename), None)
    if file is None:
        return _page(request, desk, who, typed, errors={"file": _("Wybierz plik z listą.")})
    mapping = lists.mapping_of(typed, typed.fields.get("header", ()))
    told = lists.form(mapping, lists.values_of(typed), dry_run=typed.text("mode") != "send")
    try:
        columns = FileColumns.model_validate_json((await _sent(who, desk, "/columns", file, told)).content)
        if lists.asks(columns):
            wrong = {each.field: each.message for each in columns.missing} if mapping else {}
            if mapping and not wrong:
                wrong = {"columns": _("To samo pole wskazano dla dwóch kolumn. Zostaw jedną z nich.")}
            return _page(request, desk, who, typed, columns=columns, errors=wrong)

        async def do() -> str:
            begun = Import.model_validate_json((await _sent(who, desk, "", file, told)).content)
            return f"/imports/{begun.id}"

        return _followed(request, await once(desk, who, typed.key, do))
    except Refused as refused:
        if refused.status not in (400, 403, 409, 413, 415, 422, 429):
            raise
        said = " ".join([refused.title, *(each.message for each in refused.errors)])
        return _page(request, desk, who, typed, errors={"file": said}, status=refused.status)


@router.get("/imports/{import_id}")
async def show_import(
    request: Request, desk: At, who: Who, import_id: UUID, outcome: Outcome = "bad", after: int = 0
) -> Response:
    """How far it is, and what became of its rows."""
    calls = who.calls(desk)
    found = await calls.get(f"/imports/{import_id}", Import)
    rows = await calls.get(f"/imports/{import_id}/rows", ImportedRowPage, outcome=outcome, after=after)
    return render(
        request,
        desk,
        who,
        "intake/import.html",
        found=found,
        rows=rows,
        outcome=outcome,
        name_of=lambda field: lists.name_of(field, who.language),
    )


@router.get("/imports/{import_id}/progress")
async def progress(request: Request, desk: At, who: Who, import_id: UUID) -> Response:
    """How far it is, for a page that stays open; once it is over, that page asks for itself, as it was asked for."""
    found = await who.calls(desk).get(f"/imports/{import_id}", Import)
    if found.finished_at is not None:
        asked = urlsplit(request.headers.get("hx-current-url", "")).query
        whole = {"path": f"/imports/{import_id}?{asked}", "target": "#main", "select": "#main", "swap": "morph"}
        return Response(status_code=204, headers={"HX-Location": json.dumps({**whole, "push": "false"})})
    return render(request, desk, who, "intake/progress.html", found=found)


@router.get("/imports/{import_id}/bad-rows.csv")
async def bad_rows(desk: At, who: Who, import_id: UUID) -> Response:
    """The rows to correct, as the interface writes them."""
    answer = await who.calls(desk).raw("GET", f"/imports/{import_id}/bad-rows")
    return Response(answer.content, headers={name: answer.headers[name] for name in _KEPT})


@router.post("/imports/{import_id}/{action}")
async def act(desk: At, who: Who, typed: Filled, import_id: UUID, action: ImportAction) -> Response:
    """Stop it, or send for good what was tried."""

    async def do() -> str:
        changed = await who.calls(desk).post(f"/imports/{import_id}/actions/{action}", Import)
        return f"/imports/{changed.id}"

    return await once(desk, who, typed.key, do)


async def _sent(who: Visitor, desk: Desk, path: str, file: UploadFile, told: dict[str, Any]) -> Any:
    await file.seek(0)
    files = {"file": (file.filename, await file.read())}
    return await who.calls(desk).raw("POST", f"/referrals/import{path}", files=files, data=told)


def _followed(request: Request, redirect: Response) -> Response:
    """htmx would put the next page into this one."""
    if _HTMX not in request.headers:
        return redirect
    return Response(status_code=204, headers={"HX-Redirect": redirect.headers["location"]})


def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    typed: Typed | None = None,
    *,
    columns: FileColumns | None = None,
    errors: dict[str, str] | None = None,
    status: int | None = None,
) -> Response:
    wrong = errors or {}
    shown = 200 if _HTMX in request.headers or not wrong else status or 422
    receivers = [(each.slug, each.name) for each in desk.directory.agencies if each.slug != who.agency.slug]
    return render(
        request,
        desk,
        who,
        "intake/import_new.html",
        status=shown,
        values=typed.values if typed else {"mode": "try"},
        columns=columns,
        errors=wrong,
        fields=[(lists.PASSED_OVER, texts(who.language).gettext("pomiń tę kolumnę")), *lists.fields(who.language)],
        receivers=receivers,
        megabytes=highest("import_bytes") // 1_000_000,
        most_rows=highest("import_rows"),
    )
