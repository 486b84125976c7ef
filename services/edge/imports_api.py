"""The routes of imports: send a list of referrals in, see how far it is, get the rows to correct."""

import json
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from contracts.api import ProblemDocument
from contracts.imports import FileColumns, Import, ImportAction, ImportedRowPage, ImportPage, NewImport, Outcome
from services.edge import api
from services.edge.api import At
from services.edge.bodies import form_of
from services.edge.callers import Who
from services.kit.problems import FieldError, invalid, not_found
from services.kit.validation import from_validation

router = APIRouter(prefix="/api/v1", responses=api.router.responses)

T = TypeVar("T")

_LARGEST_ROW = 2_147_483_647

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "CSV (UTF-8 or CP-1250; semicolon, comma or tab) or XLSX, told by content.",
                        },
                        "dry_run": {"type": "boolean", "default": False},
                        "mapping": {
                            "type": "object",
                            "additionalProperties": {"type": ["string", "null"]},
                            "description": "JSON: field by header, null to pass a column over.",
                            "example": {"Klient": "client.family_name", "Lp.": None},
                        },
                        "values": {
                            "type": "object",
                            "additionalProperties": {"type": "string"},
                            "description": "JSON: text by field, for every row that has nothing in that column.",
                            "example": {"receiver": "cis-poraj", "route": "A"},
                        },
                    },
                },
                "encoding": {
                    "mapping": {"contentType": "application/json"},
                    "values": {"contentType": "application/json"},
                },
            }
        },
    }
}

_MANY: dict[int | str, dict[str, Any]] = {
    429: {"model": ProblemDocument, "description": "Too many of the institution's imports wait"}
}

_BAD_ROWS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The rows to correct"},
    410: {"model": ProblemDocument, "description": "The file is deleted already"},
}


@router.post("/referrals/import", status_code=202, response_model=Import, responses=_MANY, openapi_extra=_FORM)
async def import_referrals(desks: At, caller: Who, request: Request) -> Response:
    """Send a list of referrals in. Refused as a whole when it cannot be read or lacks a column; otherwise its rows are
    worked on in the background, each like a `POST /referrals`. With `dry_run` the same, and nothing is created.

    The same row never makes a second referral, in whichever file it stands.
    """
    async with desks.imports.admitted(caller):  # before anything of the file is in memory
        file, texts = await form_of(request, "mapping", "values", "dry_run")
        begun = await desks.imports.start(caller, file, _told(texts))
    return Response(begun.model_dump_json(), 202, {"Location": f"/api/v1/imports/{begun.id}"}, "application/json")


@router.post("/referrals/import/columns", response_model=FileColumns, openapi_extra=_FORM)
async def read_columns(desks: At, caller: Who, request: Request) -> FileColumns:
    """How the columns of a list would be understood, and which ones it lacks. Nothing of the file is kept."""
    file, texts = await form_of(request, "mapping", "values", "dry_run")
    return await desks.imports.columns(caller, file, _told(texts))


@router.get("/imports")
async def list_imports(
    desks: At, caller: Who, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> ImportPage:
    """The institution's imports, newest first."""
    return await desks.imports.page(caller, cursor)


@router.get("/imports/{import_id}")
async def show_import(desks: At, caller: Who, import_id: UUID) -> Import:
    """How far an import has come."""
    return _there(await desks.imports.show(caller, import_id))


@router.post("/imports/{import_id}/actions/{action}", responses=_MANY)
async def act_on_import(desks: At, caller: Who, import_id: UUID, action: ImportAction) -> Import:
    """Stop an import: no further row is taken, and what was created stays. Or send the file of a dry run for good: the
    answer is the new import."""
    return _there(await desks.imports.act(caller, import_id, action))


@router.get("/imports/{import_id}/rows")
async def list_imported_rows(
    desks: At,
    caller: Who,
    import_id: UUID,
    outcome: Outcome | None = None,
    after: Annotated[int, Query(ge=0, le=_LARGEST_ROW)] = 0,
) -> ImportedRowPage:
    """What became of each row, with the referral it became or met."""
    return _there(await desks.imports.rows(caller, import_id, outcome, after))


@router.get("/imports/{import_id}/bad-rows", response_class=Response, responses=_BAD_ROWS)
async def download_bad_rows(desks: At, caller: Who, import_id: UUID) -> Response:
    """The rows that could not be taken, each with what to correct, as a CSV file to be corrected and sent in again."""
    content = _there(await desks.imports.bad_rows(caller, import_id))
    name = f"do-poprawy-{import_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


def _told(texts: dict[str, str]) -> NewImport:
    """What the other fields of the form say. Raises Problem."""
    told: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            told[name] = text if name == "dry_run" else json.loads(text)
        except (ValueError, RecursionError):
            raise invalid(FieldError(name, "import_json")) from None
    try:
        return NewImport.model_validate(told)
    except ValidationError as error:
        raise from_validation([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None


def _there(found: T | None) -> T:
    if found is None:
        raise not_found()
    return found
