"""Questions on places as they are read: those asked together stand together, what is late and what is free on top."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from uuid import UUID

from contracts.directory import Agency, Directory
from contracts.places import PlaceQuestion
from services.desk.tasks import working_days_between

State = Literal["free", "late", "waiting", "none"]
_ORDER: tuple[State, ...] = ("free", "late", "waiting", "none")


@dataclass(frozen=True)
class Line:
    """One question. `other`: the institution at the other end; None when it has left the directory. `left`: working
    days until it is to be answered, negative since."""

    question: PlaceQuestion
    other: Agency | None
    name: str
    state: State
    left: int


@dataclass(frozen=True)
class Asking:
    """What was asked of several institutions at once, and what each has answered. `workshop`: its name."""

    asked_at: datetime
    places: int
    workshop: str | None
    from_on: date | None
    lines: Sequence[Line]

    @property
    def id(self) -> UUID:
        """The same whatever has been answered: by it an open page knows this part again."""
        return min(line.question.id for line in self.lines)


def state_of(question: PlaceQuestion) -> State:
    """How it stands."""
    if question.answer is not None:
        return "free" if question.answer.free else "none"
    return "late" if question.overdue else "waiting"


def line_of(question: PlaceQuestion, other: str, directory: Directory, today: date) -> Line:
    """The question as its other end `other` is called."""
    agency = directory.find(other)
    left = working_days_between(today, question.due_on)
    return Line(question, agency, agency.name if agency else other, state_of(question), left)


def askings(questions: Iterable[PlaceQuestion], directory: Directory, today: date) -> list[Asking]:
    """Newest first, as they come."""
    return [
        Asking(
            asked_at=asked_at,
            places=places,
            workshop=workshop_name(directory, workshop, [each.receiver for each in together]),
            from_on=from_on,
            lines=sorted(
                (line_of(each, each.receiver, directory, today) for each in together),
                key=lambda line: _ORDER.index(line.state),
            ),
        )
        for (asked_at, places, workshop, from_on), group in groupby(questions, key=_together)
        if (together := list(group))
    ]


def workshop_name(directory: Directory, code: str | None, agencies: Iterable[str]) -> str | None:
    """What a workshop is called at one of these institutions; its code where none of them has it any more."""
    there = (agency for slug in agencies if (agency := directory.find(slug)) is not None)
    named = (each.name for agency in there for each in agency.workshops if each.code == code)
    return next(named, code)


def _together(question: PlaceQuestion) -> tuple[datetime, int, str | None, date | None]:
    return question.asked_at, question.places, question.workshop, question.from_on
