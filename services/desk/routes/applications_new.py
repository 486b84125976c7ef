"""A wniosek that came in on paper or in person: whom it is about, then what it says, with as little as is known."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.applications import Application
from contracts.clients import Candidates, Client
from contracts.dossier import Dossier
from rules.calendar import local_day
from rules.kinds import kind_between
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed, new_key
from services.desk.intake import applicants
from services.desk.intake.facts import GROUPS, told_of, typed_values, values_of
from services.desk.intake.reading import Reading, as_typed, placed
from services.desk.intake.words import named, words_in, words_of_match
from services.desk.language import texts
from services.desk.new.looking import Sought, sought
from services.desk.now import now_of
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn
from services.desk.routes.ops_only import OPS_ONLY
from services.desk.uploads import Files, files_of, only_files
from services.desk.visitors import Visitor, Who

router = APIRouter(dependencies=OPS_ONLY)

_LEADS_TO = ("statutory_cis", "kis")
_PERSON = ("given_name", "family_name", "pesel")

FIELDS = (
    *(f"client.{name}" for name in ("family_name", "given_name", "pesel", "birth_date")),
    "received_on",
    "channel",
    "applicant",
    "applicant.name",
    "applicant.mark",
    "receiver",
    "reason",
    *values_of(None),
)
"""What the page asks for, in its order."""

FOLDED = ("applicant.mark", *(name for name in values_of(None) if name != "client.address.town"))
"""What is folded away until something is wrong with it."""


@router.get("/applications/new")
async def whom(request: Request, desk: At, who: Who, client: UUID | None = None) -> Response:
    """Whom it is about; or, for somebody who is known, the form at once."""
    if client is None:
        return _whom(request, desk, who)
    known = await who.calls(desk).get(f"/clients/{client}", Client)
    return await _form(request, desk, who, known=known)


@router.post("/applications/new/person")
async def look_for(request: Request, desk: At, who: Who, typed: Filled) -> Response:
    """Who may be this person; nobody: the form, with what was typed already in it."""
    wanted = sought(typed.text("sought") or "")
    if not wanted.complete:
        _ = texts(who.language).gettext
        return _whom(request, desk, who, typed, _("Wpisz PESEL albo imię, nazwisko i datę urodzenia."), 422)
    if typed.text("other") is not None:
        return await _form(request, desk, who, wanted=wanted)
    try:
        found = await who.calls(desk).post("/clients/search", Candidates, wanted.body())
    except Refused as refused:
        if refused.status not in (422, 429):
            raise
        said = next(iter(refused.fields.values()), refused.title)
        return _whom(request, desk, who, typed, said, refused.status)
    if not found.items:
        return await _form(request, desk, who, wanted=wanted)
    why = words_of_match(who.language)
    return render(request, desk, who, "intake/candidates.html", found=found.items, sought=typed.text("sought"), why=why)


@router.post("/applications/new")
async def register(request: Request, desk: At, who: Who, typed: Filled) -> Response:
    """Register it, with as little as is known."""
    calls = who.calls(desk)
    known = await calls.get(f"/clients/{typed.identity('client_id')}", Client) if typed.text("client_id") else None
    files = await files_of(calls, typed)
    reading = _read(typed, who, desk, known)
    errors = {**reading.errors, **dict(files.errors)}
    if only_files(typed) or errors:
        return await _form(
            request, desk, who, known=known, typed=typed, files=files, errors=errors, status=422 if errors else 200
        )
    reading.body["attachments"] = files.ids

    async def do() -> str:
        made = await calls.post("/applications", Application, reading.body, key=typed.key)
        await learn(desk, who, made.path_id)
        return f"/applications/{made.id}?done=register"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in (403, 409, 422):
            raise
        return await _form(
            request, desk, who, known=known, typed=typed, files=files, refused=refused, status=refused.status
        )


def _read(typed: Typed, who: Visitor, desk: Desk, known: Client | None) -> Reading:
    """The form as the interface takes it."""
    reading = told_of(typed, None, who.language, "")
    reading.day("received_on")
    reading.text("channel", "receiver", "reason", "applicant.name", "applicant.mark")
    reading.body["urgency"] = "urgent" if typed.text("urgency") == "urgent" else "normal"
    reading.body["applicant"] = {
        **applicants.applicant_of(typed.text("applicant"), desk.directory),
        **reading.body.get("applicant", {}),
    }
    if known is None:
        reading.text(*(f"client.{name}" for name in _PERSON))
        reading.day("client.birth_date")
        reading.body.setdefault("client", {})
    else:
        reading.body.pop("client", None)  # corrected on the client's own page
        reading.body["client_id"] = str(known.id)
    return reading


def _whom(
    request: Request, desk: Desk, who: Visitor, typed: Typed | None = None, error: str | None = None, status: int = 200
) -> Response:
    errors = {"sought": error} if error else {}
    told = typed.text("sought") if typed else None
    return render(request, desk, who, "intake/whom.html", sought=told, errors=errors, status=status)


async def _form(
    request: Request,
    desk: Desk,
    who: Visitor,
    *,
    known: Client | None = None,
    typed: Typed | None = None,
    wanted: Sought | None = None,
    files: Files | None = None,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    today = local_day(await now_of(desk))
    person = Dossier(**known.known.person.model_dump()) if known else Dossier()
    values: dict[str, Any] = values_of(person) | {"received_on": as_typed(today)}
    if wanted is not None:
        values |= {f"client.{name}": value for name, value in wanted.body().items()}
        values["client.birth_date"] = as_typed(wanted.birth_date)
    if typed is not None:
        values |= typed.values | typed_values(typed, "")
    wrong = placed((refused.fields if refused else errors) or {}, FIELDS)
    return render(
        request,
        desk,
        who,
        "intake/register.html",
        status=status,
        known=known,
        values=values,
        errors=wrong,
        named=named(wrong, who.language),
        refused=refused,
        key=typed.key if typed and status == 200 else new_key(),
        files=files or Files(),
        applicants=applicants.choices(desk.directory, who.agency, who.language),
        centres=_centres(desk, who),
        folded=FOLDED,
        groups=[group for group in GROUPS if known is None or group not in ("address", "phone")],
        words=words_in(who.language, today),
    )


def _centres(desk: Desk, who: Visitor) -> list[tuple[str, str]]:
    """Where an application at this OPS may lead, those nearby first."""
    found = [each for each in desk.directory.agencies if kind_between(who.agency.kind, each.kind) in _LEADS_TO]
    return [(each.slug, each.name) for each in sorted(found, key=lambda each: each.county != who.agency.county)]
