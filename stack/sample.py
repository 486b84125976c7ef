"""A fresh, impossible person, and a referral of them that passes every guard."""

import asyncio
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from contracts.directory import Agency, Directory
from contracts.form import Person
from rules.calendar import local_day
from rules.kinds import kind_between
from services.intake.residence import gmina_of
from services.kit.clock import DatabaseClock
from services.kit.pesel import training_pesel
from services.kit.settings import Settings
from stack.databases import node_database
from stack.environment import export
from stack.errors import StackError
from stack.institutions import read_directory

_WOMEN = ("Ćwiczenna", "Próbna", "Wzorcowa", "Szkoleniowa", "Przykładna")
_MEN = ("Ćwiczenny", "Próbny", "Wzorcowy", "Szkoleniowy", "Przykładny")
_WOMEN_GIVEN = ("Żaneta", "Łucja", "Zofia", "Halina", "Bożena")
_MEN_GIVEN = ("Wacław", "Zdzisław", "Józef", "Łukasz", "Stanisław")


def sample(data: Path, sender: str, receiver: str) -> dict[str, Any]:
    """The body of `POST /referrals` for two institutions of the running stack. Raises StackError."""
    export(data)
    directory = read_directory(data)
    for slug in (sender, receiver):
        if directory.find(slug) is None:
            known = ", ".join(agency.slug for agency in directory.agencies)
            raise StackError(f"Nie ma instytucji {slug}.", f"Są: {known}.")
    if sender == receiver:
        raise StackError("Instytucja nie kieruje do samej siebie.", "Podaj dwie różne instytucje.")
    return body(directory, sender, receiver, asyncio.run(_today(data, directory[sender].node)), random.Random())


async def _today(data: Path, node: str) -> date:
    """The day by the one clock."""
    database = node_database(Settings().database_url, data, node, "edge")
    try:
        async with database.transaction() as session:
            return local_day(await DatabaseClock().now(session))
    finally:
        await database.close()


def body(directory: Directory, sender: str, receiver: str, today: date, chance: random.Random) -> dict[str, Any]:
    """The same, for a given day and source of chance."""
    from_, to = directory[sender], directory[receiver]
    person = _person(from_, today, chance)
    served = from_.gminas[0].teryt if from_.gminas else None
    gmina = gmina_of(directory, from_, Person.model_validate(person)) or served
    if gmina is not None:
        person["address"]["gmina"] = gmina
    return {
        "receiver": receiver,
        "client": person,
        "reason": "Osoba chce wrócić do pracy i potrzebuje wsparcia (przykład szkoleniowy).",
        "urgency": "normal",
    } | _by_kind(from_, to, gmina, today)


def _by_kind(sender: Agency, receiver: Agency, gmina: str | None, today: date) -> dict[str, Any]:
    """What this kind of referral asks for besides: consent, or all that the law asks of a statutory one."""
    consent = {"consent": {"given_on": str(today - timedelta(days=3)), "version": "2026-1"}}
    if kind_between(sender.kind, receiver.kind) != "statutory_cis":
        return consent if receiver.kind == "owes" else {}
    opinion = {
        "result": "positive",
        "interview_on": str(today - timedelta(days=20)),
        "issued_on": str(today - timedelta(days=14)),
    }
    labour = {"status": "registered_unemployed", "registered_months": 18, "benefits": []}
    outside = not receiver.serves(gmina or "", today)
    return {
        "route": "C" if sender.kind == "pup" else "A",
        "grounds": ["LONG_TERM_UNEMPLOYED"],
        "general_clause": True,
        "labour": labour,
        "opinion": opinion,
    } | ({"paid_place": True} if outside else {})


def _person(agency: Agency, today: date, chance: random.Random) -> dict[str, Any]:
    serial = chance.randrange(10_000)
    woman = serial % 2 == 0
    youngest = min(date(today.year - 18, 1, 1), date(1999, 12, 31))  # training numbers stand for the twentieth century
    born = youngest - timedelta(days=chance.randrange(365 * 40))
    return {
        "given_name": chance.choice(_WOMEN_GIVEN if woman else _MEN_GIVEN),
        "family_name": chance.choice(_WOMEN if woman else _MEN),
        "pesel": training_pesel(born, serial),
        "phone": f"+48 000 {chance.randrange(1000):03d} {chance.randrange(1000):03d}",
        "address": {"street": "Szkoleniowa 1", "postal_code": "00-000", "town": agency.town},
    }
