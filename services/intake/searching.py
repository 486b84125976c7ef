"""Looking for somebody before a form is begun: by PESEL, by names and birth date however they are
spelled, or by names alone."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import Candidate, Candidates, ClientSearch, PossibleDuplicate
from contracts.form import Person
from services.intake import client_queries, clients
from services.intake.alike import alike, link
from services.intake.clients import known_by
from services.intake.context import Intake
from services.intake.form_checks import read_person
from services.intake.models import Client
from services.intake.namesakes import named
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid

_NOBODY = "-"
"""For a name that was not told, which is like no other."""


def wanted_person(wanted: ClientSearch, today: date, *, training: bool) -> Person:
    """Whom to look for. Raises Problem 422 when it is neither a PESEL nor all of names and birth date."""
    if wanted.pesel is None:
        names = ("given_name", "family_name", "birth_date")
        missing = [FieldError(name, "missing") for name in names if getattr(wanted, name) is None]
        if missing:
            raise invalid(*missing)
    person, errors = read_person(
        Person(
            given_name=wanted.given_name or _NOBODY,
            family_name=wanted.family_name or _NOBODY,
            pesel=wanted.pesel,
            birth_date=wanted.birth_date,
        ),
        today=today,
        training=training,
        at="",
    )
    if errors:
        raise invalid(*errors)
    return person


async def search(intake: Intake, session: AsyncSession, caller: Caller, person: Person) -> Candidates:
    """Clients who may be this person, with what is open for them."""
    found = list(await alike(intake, session, caller.agency, person))
    same = await clients.by_identity(intake, session, caller.agency, person) if person.pesel is not None else None
    if same is not None:
        others = [each for each in found if each.client_id != same.id]
        certain = PossibleDuplicate(client_id=same.id, link=link(same.id), score=100, why=("same_pesel",))
        found = [certain, *others]
    return Candidates(items=tuple([await _candidate(intake, session, each) for each in found]))


async def by_name(intake: Intake, session: AsyncSession, caller: Caller, typed: str) -> Candidates:
    """Clients who have these words in their names, with what is open for them."""
    found = await named(intake, session, caller.agency, typed)
    return Candidates(items=tuple([await _candidate(intake, session, each) for each in found]))


async def _candidate(intake: Intake, session: AsyncSession, like: PossibleDuplicate) -> Candidate:
    client = await session.get_one(Client, like.client_id)
    return Candidate(
        **like.model_dump(),
        person=known_by(intake, client).person,
        open_referrals=await client_queries.referrals(session, like.client_id, only_open=True),
    )
