"""Items as rows of a list: whom they are about, what they wait for, until when, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.directory import Directory
from contracts.sessions import PASSIVE
from contracts.work import People, PeopleWanted, PersonOfItem, WorkItem
from rules.calendar import local_day
from services.desk.api import Calls, Refused, Unreachable
from services.desk.case.choices import edition_called
from services.desk.case.events import DEADLINES
from services.desk.colleagues import People as Names
from services.desk.colleagues import called
from services.desk.tasks import (
    ELSEWHERE,
    IN_CHARGE,
    NOT_BEGUN,
    UNDECIDED,
    Bounds,
    Group,
    next_action,
    working_days_between,
)
from services.desk.visitors import Visitor
from services.desk.words import action_of, kind_of, status_of


@dataclass(frozen=True)
class Row:
    """One item, told to one person. Institutions and `holder`, who has taken it, stand by name; `working_days` until it
    falls due, negative since; `edition`: workshop and first day; `place`: in the line of those who wait for it."""

    item: WorkItem
    person: PersonOfItem | None
    holder: str | None
    href: str
    kind: str
    status: str
    other: str | None
    edition: str | None
    place: int | None
    ball: str | None
    ball_is: Literal["ours", "other", "nobody"]
    group: Group
    working_days: int | None
    action: str | None
    action_label: str | None

    @property
    def name(self) -> str | None:
        """What the person is called, as far as it may be known."""
        if self.person is None or self.person.family_name is None:
            return None
        return f"{self.person.given_name or ''} {self.person.family_name}".strip()

    @property
    def goes_on(self) -> bool:
        """Whether the referral has not ended."""
        return self.item.what in ("sent", "received") and self.item.status in (*UNDECIDED, *IN_CHARGE)

    @property
    def number(self) -> str | None:
        """The number of the case."""
        return self.item.number or (None if self.person is None else self.person.number)

    @property
    def due_name(self) -> str | None:
        """What falls due, a msgid."""
        rule = None if self.item.deadline is None else self.item.deadline.rule
        return None if rule is None else DEADLINES.get(rule, rule)

    @property
    def due_on(self) -> date | None:
        return None if self.item.deadline is None else local_day(self.item.deadline.due_at)


def quiet(calls: Calls) -> Calls:
    """The same calls, made by the page and not by its person."""
    return replace(calls, headers={**calls.headers, PASSIVE: "1"})


async def rows_of(
    calls: Calls,
    directory: Directory,
    who: Visitor,
    names: Names,
    items: Sequence[WorkItem],
    line: Mapping[UUID, int],
    bounds: Bounds,
) -> list[Row]:
    """The rows of a list, in its order. `line`: the places of those who wait."""
    people = await _people_of(calls, items)
    return [_row(directory, who, names, item, people.get(item.id), line.get(item.id), bounds) for item in items]


async def _people_of(calls: Calls, items: Sequence[WorkItem]) -> dict[UUID, PersonOfItem]:
    """What to call the people of these items. When that cannot be learned, a list still shows what it has."""
    if not items:
        return {}
    try:
        told = await calls.post("/work-items/people", People, PeopleWanted(ids=tuple(item.id for item in items)))
    except (Refused, Unreachable):
        return {}
    return {person.id: person for person in told.people}


def _row(
    directory: Directory,
    who: Visitor,
    names: Names,
    item: WorkItem,
    person: PersonOfItem | None,
    place: int | None,
    bounds: Bounds,
) -> Row:
    due_at = None if item.deadline is None else item.deadline.due_at
    anothers = item.claimed_by not in (None, who.login)
    ball = _ball(item)
    edition = item.edition if item.status in NOT_BEGUN else None
    action = None if anothers else next_action(item.what, item.kind, item.status, [who.role])
    return Row(
        item=item,
        person=person,
        holder=called(names, directory, item.claimed_by),
        href=_href(item),
        kind=kind_of(item, who.language),
        status=status_of(item, who.language),
        other=None if item.what == "application" else _name(directory, _other(item)),
        edition=edition_called(directory.find(item.receiver or ""), edition, who.language),
        place=place,
        ball=_name(directory, ball),
        ball_is="nobody" if ball is None else "ours" if ball == who.agency.slug else "other",
        group=bounds.group(due_at),
        working_days=_left(due_at, bounds),
        action=action,
        action_label=None if action is None else action_of(item, action, who.language),
    )


def _ball(item: WorkItem) -> str | None:
    """Whose move it is; after the end whoever has something to answer, or else has to find another way."""
    if item.what not in ("sent", "received") or item.status in (*UNDECIDED, *IN_CHARGE):
        return item.ball
    if item.deadline is not None:
        return item.deadline.owner
    return item.ball if item.status in ELSEWHERE else None


def _other(item: WorkItem) -> str | None:
    return item.receiver if item.what == "sent" else item.sender


def _left(due_at: datetime | None, bounds: Bounds) -> int | None:
    return None if due_at is None else working_days_between(local_day(bounds.now), local_day(due_at))


def _href(item: WorkItem) -> str:
    if item.what == "notice":
        return f"/notices#notice-{item.id}"
    return f"/applications/{item.id}" if item.what == "application" else f"/referrals/{item.id}"


def _name(directory: Directory, slug: str | None) -> str | None:
    """What an institution is called; one that has left the directory by its short name."""
    found = None if slug is None else directory.find(slug)
    return slug if found is None else found.name
