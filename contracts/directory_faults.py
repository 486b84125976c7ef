"""What is wrong in a directory whose parts are each well formed: things that do not fit one another. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.directory import Agency, Directory, Term, Workshop

Place = tuple[str | int, ...]
"""The way to a value, as pydantic writes it: `("agencies", 3, "units", 0, "code")`."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, its code, and the values a sentence about it names (codes of the directory)."""

    place: Place
    code: str
    values: dict[str, str]


def faults(directory: "Directory") -> Iterator[Fault]:
    """All of them, in the order of the file."""
    yield from _slugs(directory)
    for number, agency in enumerate(directory.agencies):
        yield from _of(agency, ("agencies", number))
    yield from _shared_gminas(directory)


def _slugs(directory: "Directory") -> Iterator[Fault]:
    seen: set[str] = set()
    for section in ("agencies", "parties"):
        for number, each in enumerate(getattr(directory, section)):
            if each.slug in seen:
                yield Fault((section, number, "slug"), "slug_doubled", {"slug": each.slug})
            seen.add(each.slug)


def _of(agency: "Agency", here: Place) -> Iterator[Fault]:
    about = {"slug": agency.slug}
    yield from _doubled([unit.code for unit in agency.units], (*here, "units"), "unit_doubled", about)
    yield from _doubled([each.code for each in agency.workshops], (*here, "workshops"), "workshop_doubled", about)
    served = {gmina.teryt for gmina in agency.gminas} | {each.gmina.teryt for each in agency.agreements}
    for number, unit in enumerate(agency.units):
        for index, gmina in enumerate(unit.gminas):
            if gmina not in served:
                place = (*here, "units", number, "gminas", index)
                yield Fault(place, "unit_gmina_unknown", about | {"unit": unit.code, "gmina": gmina})
    for number, adviser in enumerate(agency.advisers):
        if adviser.unit is not None and agency.unit(adviser.unit) is None:
            place = (*here, "advisers", number, "unit")
            yield Fault(place, "adviser_unit_unknown", about | {"unit": adviser.unit})
    for number, agreement in enumerate(agency.agreements):
        yield from _backwards(agreement, (*here, "agreements", number), about)
    if agency.status is not None:
        yield from _backwards(agency.status, (*here, "status"), about)
    known: set[str] = set()
    for number, workshop in enumerate(agency.workshops):
        yield from _editions(workshop, (*here, "workshops", number, "editions"), about, known)


def _editions(workshop: "Workshop", here: Place, about: dict[str, str], known: set[str]) -> Iterator[Fault]:
    """A referral names an edition by its code alone: an institution gives each code once, whatever the workshop."""
    about = about | {"workshop": workshop.code}
    for number, edition in enumerate(workshop.editions):
        if edition.code in known:
            yield Fault((*here, number, "code"), "edition_doubled", about | {"code": edition.code})
        known.add(edition.code)
        if edition.ends_on is not None and edition.ends_on < edition.starts_on:
            yield Fault((*here, number, "ends_on"), "ends_before_it_begins", about)


def _backwards(term: "Term", here: Place, about: dict[str, str]) -> Iterator[Fault]:
    if term.valid_to is not None and term.valid_to < term.valid_from:
        yield Fault((*here, "valid_to"), "ends_before_it_begins", about)


def _doubled(codes: Sequence[str], here: Place, code: str, about: dict[str, str]) -> Iterator[Fault]:
    for number, each in enumerate(codes):
        if each in codes[:number]:
            yield Fault((*here, number, "code"), code, about | {"code": each})


def _shared_gminas(directory: "Directory") -> Iterator[Fault]:
    """A gmina has one OPS: else nobody could tell whom to notify."""
    served: dict[str, str] = {}
    for section in ("agencies", "parties"):
        for number, office in enumerate(getattr(directory, section)):
            for index, gmina in enumerate(office.gminas if office.kind == "ops" else ()):
                if served.setdefault(gmina.teryt, office.slug) != office.slug:
                    values = {"slug": office.slug, "gmina": gmina.teryt, "other": served[gmina.teryt]}
                    yield Fault((section, number, "gminas", index), "gmina_of_two", values)
