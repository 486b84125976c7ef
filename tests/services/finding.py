"""Clients as an institution finds them again."""

from typing import Any
from uuid import uuid4

from tests.nodes import Office
from tests.services.steps import done

BORN = "1980-02-11"


def pesel_of(office: Office) -> str:
    pesel: str = office.body("cis-poraj")["client"]["pesel"]
    return pesel


async def search(office: Office, **wanted: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(await office.http.post("/clients/search", json=wanted))["items"]
    return items


async def client_of(office: Office, person: dict[str, Any]) -> dict[str, Any]:
    """The client whom a referral of this person has made."""
    names = {name: person[name] for name in ("given_name", "family_name", "birth_date") if name in person}
    (found, *_) = await search(office, **({"pesel": person["pesel"]} if person.get("pesel") else names))
    return done(await office.http.get(f"/clients/{found['client_id']}"))


def nameless(**told: str) -> dict[str, Any]:
    """Somebody without PESEL whom no other test knows."""
    family = f"Próbna{uuid4().hex[:8]}".translate(str.maketrans("0123456789", "abcdefghij"))
    return {"given_name": "Bożena", "family_name": family, "birth_date": BORN, **told}
