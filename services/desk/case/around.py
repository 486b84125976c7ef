"""What stands around a case: its path, our own cases on it, and the institutions that take part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from contracts.api import DeadlineItem, Path
from contracts.codes import Language
from rules.calendar import local_day
from services.desk.api import Calls, Refused
from services.desk.case.events import DEADLINES, STATES
from services.desk.case.picture import Picture, picture
from services.desk.case.stations import WAY, stations
from services.desk.case.timeline import Entry, Source, entries, name_of
from services.desk.context import Desk
from services.desk.language import texts
from services.desk.tasks import working_days_between
from services.desk.visitors import Visitor

SHOWN = 8
"""Entries of the timeline on the page of a case; all of them have a page of their own."""

_OWN = text("select id, what, item ->> 'number' as number from work where agency = :agency and path_id = :path")
_NUMBERED = text("select id, what from work where agency = :agency and item ->> 'number' = :number order by what")

_PLACES = {"received": "/referrals", "sent": "/referrals", "application": "/applications"}


@dataclass(frozen=True)
class Due:
    """A deadline in words, with everything needed to check it by hand."""

    name: str
    state: str
    owner: str
    item: DeadlineItem

    @property
    def pending(self) -> bool:
        return self.item.status in ("open", "missed")

    @property
    def live(self) -> bool:
        """Whether somebody still waits for it, also while its clock stands still."""
        return self.pending or self.item.status == "paused"

    def late(self, now: datetime) -> bool:
        return self.item.due_at < now

    def is_on(self, now: datetime) -> bool:
        """Whether this is the day."""
        return local_day(self.item.due_at) == local_day(now)

    def working_days(self, now: datetime) -> int:
        """As lists of work count them; negative since it fell due."""
        return working_days_between(local_day(now), local_day(self.item.due_at))


@dataclass(frozen=True)
class Around:
    """What the partials about a path show; `timeline` is the newest part of `length` entries."""

    path: Path
    stage: str
    picture: Picture
    timeline: list[Entry]
    length: int
    deadlines: list[Due]
    custodian: str
    ball: str
    mine: bool
    """Whether it is the move of whoever looks."""

    @property
    def next_due(self) -> Due | None:
        """What falls due next, or is overdue longest."""
        return next((due for due in self.deadlines if due.pending), None)

    def next_due_of(self, case: UUID) -> Due | None:
        """The same for one case on the path."""
        return next((due for due in self.deadlines if due.pending and due.item.referral_id == case), None)


async def path_of(calls: Calls, path_id: UUID) -> Path | None:
    """None in the first moments of a path, and for an institution that takes no part in it."""
    try:
        return await calls.get(f"/paths/{path_id}", Path)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


async def around(desk: Desk, who: Visitor, path_id: UUID) -> Around | None:
    """All about the path of a case."""
    path = await path_of(who.calls(desk), path_id)
    if path is None:
        return None
    said = texts(who.language).gettext
    way = stations(path)
    told = entries(path, desk.directory, await sources(desk, who, path_id), None)
    return Around(
        path=path,
        stage=said(WAY[path.stage] if path.stage in WAY else _("Zakończona")),
        picture=picture(way, [said(station.name) for station in way]),
        timeline=told[:SHOWN],
        length=len(told),
        deadlines=sorted((_due(desk, each, who.language) for each in path.deadlines), key=_order),
        custodian=name_of(desk.directory, path.custodian),
        ball=name_of(desk.directory, path.ball),
        mine=path.ball == who.agency.slug,
    )


async def sources(desk: Desk, who: Visitor, path_id: UUID) -> Mapping[str, Source]:
    """Our own cases on this path, from the list of work."""
    async with desk.database.transaction(who.agency.slug) as session:
        rows = (await session.execute(_OWN, {"agency": who.agency.slug, "path": path_id})).all()
    return {str(row.id): Source(row.number, f"{_PLACES[row.what]}/{row.id}") for row in rows if row.what in _PLACES}


async def numbered(desk: Desk, who: Visitor, number: str) -> str | None:
    """The page of our case with this number."""
    async with desk.database.transaction(who.agency.slug) as session:
        rows = (await session.execute(_NUMBERED, {"agency": who.agency.slug, "number": number})).all()
    return next((f"{_PLACES[row.what]}/{row.id}" for row in rows if row.what in _PLACES), None)


def _due(desk: Desk, item: DeadlineItem, language: Language) -> Due:
    said = texts(language).gettext
    name = said(DEADLINES.get(item.rule, item.rule))
    return Due(name, said(STATES[item.status]), name_of(desk.directory, item.owner), item)


def _order(due: Due) -> tuple[bool, float]:
    """Those that wait first, the soonest on top; of the others the latest."""
    at = due.item.due_at.timestamp()
    return not due.pending, at if due.pending else -at


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message
