"""A deadline that is watched: what it brings, and what becomes of it when it ends, stands still or is moved. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict

from contracts.base import Code, Instant, Told
from contracts.codes import Language
from contracts.ids import derived
from contracts.paths import Audience, Deadline, DeadlineStatus, Moved, Stop

PENDING = ("open", "missed")
"""Somebody is waited for, and reminded."""

LIVE = (*PENDING, "paused")
"""It has not ended."""

MISSED = "missed"
"""The occurrence that is no reminder: the term ends."""


class Kept(Told):
    """Part of the state that lives as long as the path: fields are only ever added, each with a default."""

    model_config = ConfigDict(extra="ignore")


@dataclass(frozen=True)
class Item:
    """What happens at an instant while a deadline waits: a reminder, or (without audience) its being missed."""

    deadline_id: UUID
    revision: int
    occurrence: str
    at: datetime
    audience: Audience | None

    @property
    def id(self) -> UUID:
        """The same whoever computes it, and whenever: the id of the event it becomes follows from it.

        Another one after the deadline was moved: what was due before is another thing than what is due now.
        """
        moved = (f"revision {self.revision}",) if self.revision else ()
        return derived(self.deadline_id, *moved, self.occurrence)


def plan(deadline: Deadline) -> tuple[Item, ...]:
    """All that this deadline brings when nothing ends it."""
    rungs = (
        Item(deadline.id, deadline.revision, str(step), rung.at, rung.audience)
        for step, rung in enumerate(deadline.ladder)
    )
    return (*rungs, Item(deadline.id, deadline.revision, MISSED, deadline.due_at, None))


class Watch(Kept):
    """A deadline and what became of it. Everything that was due on it up to `told_until` has been dealt with.

    `former`: its status before it ended. `done`: what of its plan was dealt with before it was moved and is not told
    again. `moved`: when its date last changed, and why.
    """

    deadline: Deadline
    status: DeadlineStatus = "open"
    told_until: Instant | None = None
    former: DeadlineStatus = "open"
    done: tuple[str, ...] = ()
    moved: Moved | None = None

    @property
    def pending(self) -> bool:
        return self.status in PENDING

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def key(self) -> tuple[datetime, str]:
        return self.deadline.due_at, str(self.deadline.id)

    def planned(self) -> list[Item]:
        """What it brings from now on and has not been told before it was moved."""
        return [item for item in plan(self.deadline) if item.occurrence not in self.done]

    def waiting(self) -> list[Item]:
        """What has not been dealt with and will be told if nothing ends it."""
        if not self.pending:
            return []
        return [item for item in self.planned() if self.told_until is None or item.at > self.told_until]

    def ended(self, at: datetime) -> Self:
        """What was waited for has come. While its clock stood still it could not be late."""
        in_time = self.status == "paused" or at <= self.deadline.due_at
        return self._turned("met" if in_time else "met_late")

    def dropped(self) -> Self:
        """What was waited for can no longer come."""
        return self._turned("dropped")

    def _turned(self, status: DeadlineStatus) -> Self:
        return self.model_copy(update={"status": status, "former": self.status})

    def resumed(self) -> Self:
        """What ended it was undone."""
        return self if self.live else self.model_copy(update={"status": self.former})

    def paused(self, at: datetime, event: Code) -> Self:
        """Its clock stands still from `at` on, unless it was late already."""
        if not self.pending or at > self.deadline.due_at:
            return self
        stops = (*self.deadline.stops, Stop(since=at, event=event))
        return self.model_copy(
            update={"status": "paused", "deadline": self.deadline.model_copy(update={"stops": stops})}
        )

    def moved_to(self, deadline: Deadline, at: datetime, why: dict[Language, str] | None) -> Self:
        """The deadline as it was computed anew at `at`. A date that lies ahead again waits again.

        What was told stays told: as many reminders of an audience as it got before count as given, of those that the
        new dates put before `at`. What is left of these was brought forward and is due at once.
        """
        if not self.live or deadline.revision <= self.deadline.revision:
            return self
        status = self._after_move(deadline, at)
        changed = deadline.due_at != self.deadline.due_at
        return self.model_copy(
            update={
                "deadline": deadline,
                "status": status,
                "told_until": None,
                "done": self._told_before(deadline, at, status),
                "moved": Moved(was=self.deadline.due_at, at=at, why=why) if changed and why else self.moved,
            }
        )

    def _after_move(self, deadline: Deadline, at: datetime) -> DeadlineStatus:
        if self.status == "paused":
            return "paused" if any(stop.until is None for stop in deadline.stops) else "open"
        return "missed" if self.status == "missed" and deadline.due_at <= at else "open"

    def _told_before(self, deadline: Deadline, at: datetime, status: DeadlineStatus) -> tuple[str, ...]:
        last = deadline.stops[-1] if deadline.stops else None
        until = last.since if last and last.until in (None, at) else at  # since then nobody was reminded
        told = Counter(rung.audience for rung in self.deadline.ladder if rung.at <= until)
        done = []
        for item in plan(deadline):
            if item.audience is not None and item.at <= at and told[item.audience]:
                told[item.audience] -= 1
                done.append(item.occurrence)
        return (*done, MISSED) if status == "missed" else tuple(done)
