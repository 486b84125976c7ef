"""What a change of rules or calendar does to the deadlines of a path: ahead and in earnest. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.codes import Language, Urgency
from contracts.ids import derived
from contracts.paths import Deadline, PathFact
from rules.book import Book
from rules.calendar import local_day
from rules.changes import why
from workflows.agenda import MOVED, Agenda, Course
from workflows.watch import Watch


@dataclass(frozen=True)
class Change:
    """A deadline as it was and as it is under the new book, and which input has changed it."""

    before: Deadline
    after: Deadline
    sender: str
    why: dict[Language, str]

    @property
    def moved(self) -> bool:
        """Whether its date has changed; otherwise only its rule, its words or its reminders have."""
        return self.before.due_at != self.after.due_at


def changes(
    agenda: Agenda, book: Book, former: Book, today: date, urgencies: Mapping[UUID, Urgency]
) -> tuple[Change, ...]:
    """What becomes of the live deadlines of this path under `book`; `former` was in force before.

    `urgencies`: by referral, for deadlines of before, which do not tell theirs.
    """
    courses = {course.id: course for course in agenda.courses}
    found = []
    for watch in agenda.watches:
        course = courses.get(watch.deadline.referral_id)
        if not watch.live or course is None:
            continue
        before = _whole(watch, course, urgencies)
        after = book.again(before, today)
        if _differs(before, after):
            because = why(before, after, book, former, today) if before.due_at != after.due_at else {}
            after = after.model_copy(update={"revision": watch.deadline.revision + 1})
            found.append(Change(watch.deadline, after, course.sender, because))
    return tuple(found)


def fact_of(agenda: Agenda, found: tuple[Change, ...], now: datetime) -> PathFact:
    """All that moved on this path, as one fact. It is nobody's act: the courses stay as they are."""
    course = next(course for course in agenda.courses if course.id == found[0].after.referral_id)
    marks = sorted(f"{change.after.id} {change.after.revision}" for change in found)
    return PathFact(
        event_id=derived(agenda.path_id, MOVED, *marks),
        path_id=agenda.path_id,
        referral_id=course.id,
        type=MOVED,
        at=now,
        status=course.status,
        sender=course.sender,
        receiver=course.receiver,
        custodian=course.custodian,
        kind=course.kind,
        moves=tuple(change.after for change in found),
        why={change.after.id: change.why for change in found if change.moved},
    )


def _whole(watch: Watch, course: Course, urgencies: Mapping[UUID, Urgency]) -> Deadline:
    """The deadline with all that its date follows from, which those of before do not hold."""
    deadline = watch.deadline
    if deadline.governed_on is not None:
        return deadline
    known: dict[str, object] = {
        "governed_on": local_day(course.since),
        "named_on": local_day(deadline.due_at),
        "urgency": urgencies.get(course.id, deadline.urgency),
    }
    return deadline.model_copy(update=known)


def _differs(before: Deadline, after: Deadline) -> bool:
    """Other words alone, as a new release may have, are no change."""
    return any(getattr(before, name) != getattr(after, name) for name in ("due_at", "ladder", "rule_version", "basis"))
