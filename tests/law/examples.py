"""A small county: two OPS and one without an account, a PUP, centres with and without a territory."""

from datetime import date
from typing import Any

from contracts.api import NewReferral
from contracts.directory import Agency, Directory
from rules.kinds import kind_between
from services.intake.guards import errors_of

TODAY = date(2026, 6, 1)
TOWN, VILLAGE, FAR, NOWHERE = "2409011", "2409042", "2409032", "2477011"


def agency(slug: str, *gminas: str, town: str = "Poraj", county: str = "myszkowski", **more: Any) -> Agency:
    kind = slug.partition("-")[0]
    served = [{"teryt": gmina, "name": "Gmina"} for gmina in gminas]
    basic = {"slug": slug, "kind": kind, "node": kind, "name": slug, "town": town, "county": county}
    return Agency.model_validate(basic | {"gminas": served} | more)


OPS = agency("ops-poraj", VILLAGE)
OPS_FAR = agency("ops-tychy", NOWHERE, town="Tychy", county="Tychy")
OPS_IN_TOWN = agency("ops-myszkow", TOWN, town="Myszków")
PUP = agency("pup-myszkow", TOWN, VILLAGE, FAR, town="Myszków")
CIS = agency(
    "cis-poraj",
    VILLAGE,
    status={"decision": "przykład", "valid_from": "2025-07-01", "valid_to": "2030-06-30"},
    agreements=[{"gmina": {"teryt": TOWN, "name": "Gmina"}, "valid_from": "2026-02-01", "valid_to": "2026-12-31"}],
    units=[{"code": "rekrutacja", "name": "Rekrutacja"}],
    workshops=[{"code": "krawiecki", "name": "Krawiecki", "places": 5}],
)
ANYWHERE = agency("cis-wszedzie")
KIS = agency("kis-poraj", VILLAGE)
OWES = agency("owes-poraj")
ON_PAPER = {
    "slug": "gops-niegowa",
    "kind": "ops",
    "name": "GOPS Niegowa",
    "town": "Niegowa",
    "gminas": [{"teryt": FAR, "name": "Niegowa"}],
}


def directory(*agencies: Agency) -> Directory:
    return Directory.model_validate({"agencies": agencies, "parties": [ON_PAPER]})


COUNTY = directory(OPS, OPS_FAR, OPS_IN_TOWN, PUP, CIS, ANYWHERE, KIS, OWES)

OPINION = {"result": "positive", "interview_on": "2026-05-12", "issued_on": "2026-05-18"}
CONSENT = {"given_on": "2026-05-20", "version": "2026-1"}
CLIENT = {"given_name": "Łucja", "family_name": "Próbna", "birth_date": "1985-03-11"}
GOOD = {
    "reason": "Przykład.",
    "client": CLIENT,
    "route": "A",
    "grounds": ["LONG_TERM_UNEMPLOYED"],
    "general_clause": True,
    "labour": {"benefits": []},
    "opinion": OPINION,
}
"""What passes every condition from an OPS to a CIS of its own gmina."""

BY_PUP = {"route": "C", "opinion": None, "client": CLIENT | {"address": {"town": "Myszków"}}}
"""How a PUP's differs from it."""


def living_in(gmina: str) -> dict[str, Any]:
    return CLIENT | {"address": {"town": "Poraj", "gmina": gmina}}


def asked(
    sender: Agency, receiver: Agency, *, on: date = TODAY, at: Directory = COUNTY, **changes: Any
) -> list[tuple[str, str]]:
    """Field and code of everything that stands against this referral."""
    return [(error.field, error.code) for error in errors(sender, receiver, on=on, at=at, **changes)]


def errors(sender: Agency, receiver: Agency, *, on: date = TODAY, at: Directory = COUNTY, **changes: Any) -> list[Any]:
    new = NewReferral.model_validate(GOOD | {"receiver": receiver.slug} | changes)
    kind = kind_between(sender.kind, receiver.kind)
    return list(
        errors_of(
            new, person=new.client, sender=sender, receiver=receiver, kind=new.kind or kind, directory=at, today=on
        )
    )
