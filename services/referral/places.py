"""Places: who holds one of an edition, who waits for one, and for what day."""

from datetime import date

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import Option
from contracts.codes import Language
from contracts.directory import Edition, Workshop
from rules.calendar import day_text
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral

HOLDING = ("accepted", "scheduled", "no_show", "in_service", "suspended", "cancel_requested", "return_proposed")
"""The states in which a person has a place, unless it was left for one of them while the person waited."""

_OFFER: dict[Language, str] = {
    "pl": "{workshop}, od {day}, wolne {left} z {places}",
    "en": "{workshop}, from {day}, {left} of {places} free",
}


def edition_of(receiving: Receiving, agency: str, code: str | None) -> Edition | None:
    """The edition of that code; None when the institution has no such one, or none was chosen."""
    found = receiving.service.directory.find(agency)
    return None if found is None or code is None else found.edition(code)


def may_be_chosen(receiving: Receiving, agency: str, code: str, today: date) -> bool:
    """Whether somebody may still be taken into that edition."""
    edition = edition_of(receiving, agency, code)
    return edition is not None and not _over(edition, today)


def _over(edition: Edition, today: date) -> bool:
    return edition.ends_on is not None and edition.ends_on < today


def starts_on(receiving: Receiving, referral: ReceivedReferral) -> date | None:
    """When the edition that the referral is for begins."""
    edition = edition_of(receiving, referral.agency, referral.edition)
    return None if edition is None else edition.starts_on


async def lock(session: AsyncSession, agency: str, code: str | None) -> None:
    """Until the transaction ends nobody else takes a place of this edition: of two who take the last one at once, the
    second one sees the first.
    """
    if code is not None:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{agency}/{code}", 0))))


async def free(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral, code: str | None) -> int | None:
    """How many places of the edition nobody else holds; None without an edition: places are not counted then."""
    edition = edition_of(receiving, referral.agency, code)
    return None if edition is None else edition.places - (await _held(session, referral)).get(edition.code, 0)


async def most_free(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral, today: date) -> int:
    """How many places the edition has left that has most of them, of those that may be chosen."""
    agency = receiving.service.directory.find(referral.agency)
    if agency is None:
        return 0
    held = await _held(session, referral)
    editions = (edition for workshop in agency.workshops for edition in workshop.editions if not _over(edition, today))
    return max((edition.places - held.get(edition.code, 0) for edition in editions), default=0)


async def to_choose(
    receiving: Receiving, session: AsyncSession, referral: ReceivedReferral, today: date, language: Language
) -> tuple[Option, ...]:
    """The editions of the institution that have not ended, each with the places that nobody else holds."""
    agency = receiving.service.directory.find(referral.agency)
    if agency is None or not any(workshop.editions for workshop in agency.workshops):
        return ()
    held = await _held(session, referral)
    return tuple(
        Option(code=edition.code, label=_label(workshop, edition, held.get(edition.code, 0), language))
        for workshop in agency.workshops
        for edition in workshop.editions
        if not _over(edition, today)
    )


def _label(workshop: Workshop, edition: Edition, held: int, language: Language) -> str:
    left = max(edition.places - held, 0)
    day = day_text(edition.starts_on)[language]
    return _OFFER[language].format(workshop=workshop.name, day=day, left=left, places=edition.places)


async def _held(session: AsyncSession, referral: ReceivedReferral) -> dict[str, int]:
    """How many others hold a place, by the code of the edition."""
    held = select(col(ReceivedReferral.edition), func.count()).where(
        ReceivedReferral.agency == referral.agency,
        col(ReceivedReferral.edition).is_not(None),
        col(ReceivedReferral.status).in_(HOLDING),
        col(ReceivedReferral.trail)[1].is_distinct_from("waitlisted"),
        ReceivedReferral.id != referral.id,
    )
    rows = (await session.exec(held.group_by(col(ReceivedReferral.edition)))).all()
    return {code: count for code, count in rows if code is not None}


async def position(session: AsyncSession, referral: ReceivedReferral) -> int:
    """The referral's place in the line for its edition: by the day on which it came, the first is 1."""
    before = select(func.count()).where(
        ReceivedReferral.agency == referral.agency,
        ReceivedReferral.status == "waitlisted",
        col(ReceivedReferral.edition).is_not_distinct_from(referral.edition),
        (col(ReceivedReferral.delivered_at) < referral.delivered_at)
        | ((col(ReceivedReferral.delivered_at) == referral.delivered_at) & (col(ReceivedReferral.id) < referral.id)),
    )
    return (await session.exec(before)).one() + 1
