"""The timeline of a path as it is read: newest first, who did what when, and which of it is about our own cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.api import Path
from contracts.directory import Directory
from services.desk.case.events import WORDS


@dataclass(frozen=True)
class Source:
    """A case of our own that entries are about: its number and its page."""

    number: str
    link: str


@dataclass(frozen=True)
class Entry:
    """`what` is a msgid; `source` is None for a case of others."""

    at: datetime
    what: str
    who: str
    agency: str
    source: Source | None


def entries(path: Path, directory: Directory, sources: Mapping[str, Source], agency: str | None) -> list[Entry]:
    """The entries, of one institution where one is named. `sources`: our own cases by id."""
    return [
        Entry(
            at=item.at,
            what=WORDS.get(item.type, item.type),
            who=name_of(directory, item.agency),
            agency=item.agency,
            source=sources.get(str(item.referral_id)),
        )
        for item in sorted(path.timeline, key=lambda item: item.at, reverse=True)
        if agency in (None, item.agency)
    ]


def agencies(path: Path, directory: Directory) -> list[tuple[str, str]]:
    """Who did anything on this path: slug and name, in the order in which they came to it."""
    slugs = dict.fromkeys(item.agency for item in sorted(path.timeline, key=lambda item: item.at))
    return [(slug, name_of(directory, slug)) for slug in slugs]


def name_of(directory: Directory, slug: str | None) -> str:
    """The name of an institution; its short name when it has left the directory."""
    agency = directory.find(slug) if slug else None
    return agency.name if agency else slug or ""
