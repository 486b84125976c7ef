"""Whom one may ask about places: the centres and clubs that the institution may send to, near ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.codes import AgencyKind, Language
from contracts.directory import Agency, Directory
from rules.kinds import kinds_from
from services.desk.dates import short_day
from services.desk.language import texts
from services.desk.new.picking import next_edition
from services.kit.collation import in_order

_WITH_PLACES: tuple[AgencyKind, ...] = ("cis", "kis")
"""Only these have so many places and no more."""

Choices = Sequence[tuple[str, str, str]]
"""Short name, name, what else there is to know."""


@dataclass(frozen=True)
class Whom:
    """`near`: of the same county; `workshops`: what one of them at least has, code and name."""

    near: Choices
    far: Choices
    workshops: Sequence[tuple[str, str]]


def whom(directory: Directory, asks: Agency, language: Language, today: date) -> Whom:
    """For this institution. A centre that has workshops tells when the next groups begin."""
    found = sorted(
        (each for each in directory.agencies if each.kind in _WITH_PLACES and each.slug != asks.slug),
        key=lambda each: in_order(each.name),
    )
    found = [each for each in found if any(True for _ in kinds_from(asks.kind, each.kind))]
    named = {workshop.code: workshop.name for each in found for workshop in each.workshops}
    return Whom(
        near=[_told(each, language, today) for each in found if each.county == asks.county],
        far=[_told(each, language, today) for each in found if each.county != asks.county],
        workshops=sorted(named.items(), key=lambda each: in_order(each[1])),
    )


def _told(agency: Agency, language: Language, today: date) -> tuple[str, str, str]:
    begins = texts(language).gettext(_("%(name)s, grupa od %(day)s"))
    groups = []
    for workshop in agency.workshops:
        group = next_edition(workshop, today)
        day = short_day(group.starts_on, language) if group else None
        groups.append(begins % {"name": workshop.name, "day": day} if day else workshop.name)
    return agency.slug, agency.name, " · ".join([agency.town, *groups])


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message
