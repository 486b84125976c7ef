"""Institutions: whom one's own may send to, and what one's own is. Only what the directory says, nothing worked out."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request, Response

from contracts.accounts import Colleagues
from contracts.codes import AgencyKind
from contracts.institutions import Institution, InstitutionPage
from rules.calendar import local_day
from rules.kinds import kinds
from rules.roles import sees_cases
from services.desk.api import Calls
from services.desk.context import At
from services.desk.language import texts
from services.desk.now import now_of
from services.desk.pages import render
from services.desk.visitors import Who
from services.kit.collation import in_order

router = APIRouter()

KINDS: tuple[AgencyKind, ...] = get_args(AgencyKind)


@router.get("/institutions")
async def list_institutions(
    request: Request, desk: At, who: Who, kind: str = "", gmina: Annotated[str, Query(max_length=7)] = ""
) -> Response:
    """All of them, or those of a kind, or those that serve a gmina; by name."""
    chosen = kind if kind in KINDS else None
    gminas = _gminas(await _all(who.calls(desk)))
    served = gmina if gmina in dict(gminas) else None
    found = await _all(who.calls(desk), kind=chosen, gmina=served)
    found.sort(key=lambda each: (KINDS.index(each.kind), in_order(each.name)))
    return render(
        request,
        desk,
        who,
        "institutions/list.html",
        institutions=found,
        directory=desk.directory,
        kind=chosen or "",
        gmina=served or "",
        gminas=gminas,
        kinds=[(code, kind_name(code, who.language)) for code in KINDS],
        sends={code: each.wording[who.language] for code, each in kinds().by_code.items()},
        sees_cases=sees_cases([who.role]),
        today=local_day(await now_of(desk)),
    )


@router.get("/institution")
async def own_institution(request: Request, desk: At, who: Who) -> Response:
    """One's own: units, people, workshops, agreements."""
    colleagues = (await who.calls(desk).get("/colleagues", Colleagues)).items
    return render(
        request,
        desk,
        who,
        "institutions/own.html",
        agency=who.agency,
        kind=kind_name(who.agency.kind, who.language),
        colleagues=sorted((each for each in colleagues if each.active), key=lambda each: in_order(each.name)),
        today=local_day(await now_of(desk)),
    )


def kind_name(kind: AgencyKind, language: Any) -> str:
    """What a kind of institution is called, in full."""
    _ = texts(language).gettext
    return {
        "ops": _("Ośrodek pomocy społecznej"),
        "pup": _("Powiatowy urząd pracy"),
        "cis": _("Centrum integracji społecznej"),
        "kis": _("Klub integracji społecznej"),
        "owes": _("Ośrodek wsparcia ekonomii społecznej"),
    }[kind]


async def _all(calls: Calls, **narrowed: str | None) -> list[Institution]:
    page = await calls.get("/institutions", InstitutionPage, **narrowed)
    found = [*page.items]
    while page.next is not None:
        page = await calls.get("/institutions", InstitutionPage, cursor=page.next, **narrowed)
        found += page.items
    return found


def _gminas(found: list[Institution]) -> list[tuple[str, str]]:
    """Every gmina that some institution serves, by name."""
    served = {(each.teryt, each.name) for agency in found for each in agency.gminas}
    return sorted(served, key=lambda each: in_order(each[1]))
