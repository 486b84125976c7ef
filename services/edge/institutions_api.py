"""The route of the directory: whom an institution may send to, and what that institution offers."""

from typing import Annotated

from fastapi import APIRouter, Query

from contracts.codes import AgencyKind
from contracts.form import Teryt
from contracts.institutions import InstitutionPage
from services.edge import api
from services.edge.api import At
from services.edge.callers import Anyone

router = APIRouter(prefix="/api/v1/institutions", responses=api.router.responses)


@router.get("")
async def list_institutions(
    desks: At,
    caller: Anyone,
    kind: AgencyKind | None = None,
    gmina: Teryt | None = None,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> InstitutionPage:
    """Institutions with their units, workshops and gminas, and the kinds of referral the caller may send to each.

    With `gmina` (TERYT) those that serve it today, by law or by agreement; one that names no gminas is not limited.
    """
    return await desks.institutions.page(caller, kind, gmina, cursor)
