"""The way of a client as stations: those behind, the one where they stand, and what lies ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.api import Path, TimelineItem
from contracts.codes import Stage

State = Literal["behind", "here", "ahead"]


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


WAY: Mapping[Stage, str] = {
    "applied": _("Wniosek"),
    "referred": _("Skierowanie"),
    "accepted": _("Akceptacja"),
    "trial": _("Okres próbny"),
    "main": _("Okres uczestnictwa"),
    "extension": _("Przedłużenie"),
    "work": _("Praca"),
    "completed": _("Zakończenie"),
    "follow_up": _("Po programie"),
}
"""From the application to what comes after the job; `closed` is off the way."""

_BEGINS: Mapping[Stage, tuple[str, ...]] = {
    "applied": ("application_registered",),
    "referred": ("submitted",),
    "accepted": ("accepted", "waitlisted"),
    "main": ("started",),
    "completed": ("completed",),
}
"""The entries of the timeline by which a stage is reached."""

_NOT_ALWAYS: tuple[Stage, ...] = ("applied", "trial", "extension", "work")
"""Stages that a way may have or not: shown where the timeline tells of them, and as long as they may still come.
Nothing tells yet of a trial that was passed or of a job, so neither is ever shown as behind."""


@dataclass(frozen=True)
class Station:
    """`name` is a msgid; `since`: when it was reached, as far as the timeline tells."""

    code: Stage
    name: str
    state: State
    since: datetime | None


def stations(path: Path) -> tuple[Station, ...]:
    """The stations of this path in order. Of a closed path the ones it came to."""
    reached = {stage: since for stage in WAY if (since := _since(stage, path.timeline)) is not None}
    order = list(WAY)
    here = order.index(path.stage) if path.stage in WAY else max((order.index(stage) for stage in reached), default=0)
    found = []
    for place, (stage, name) in enumerate(WAY.items()):
        if stage in _NOT_ALWAYS and place < here and stage not in reached:
            continue
        state: State = "behind" if place < here or path.stage == "closed" else "here" if place == here else "ahead"
        if place > here and path.stage == "closed":
            break
        found.append(Station(stage, name, state, reached.get(stage) if place <= here else None))
    return tuple(found)


def _since(stage: Stage, timeline: Sequence[TimelineItem]) -> datetime | None:
    """When the stage was reached first; by a decision that was undone it was not."""
    undone = [(entry.referral_id, entry.at) for entry in timeline if entry.type == "decision_undone"]
    found = [
        entry.at
        for entry in timeline
        if entry.type in _BEGINS.get(stage, ())
        and not (stage == "accepted" and any(case == entry.referral_id and at > entry.at for case, at in undone))
    ]
    return min(found, default=None)
