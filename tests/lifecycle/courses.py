"""How a referral of each kind, and an application at the OPS, may go: who can do what where, and what tells of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from contracts.codes import ReferralKind, Side, Status
from rules.applications_table import table as applications
from rules.lifecycle import goes
from rules.lifecycle_table import Entry, table

Course = ReferralKind | Literal["at the OPS"]
"""A kind of referral, or an application that the OPS works on."""

COURSES: tuple[Course, ...] = (*get_args(ReferralKind), "at the OPS")
IN_CHARGE = {"accepted", "waitlisted", "scheduled", "no_show", "in_service", "suspended"}
"""What was in one of these states may be opened again after it has ended (`rules.guards`: was_in_charge)."""

_TOLD_BY = {
    "register": "application_registered",
    "schedule_interview": "interview_planned",
    "record_interview": "interview_held",
    "give_opinion": "opinion_given",
    "issue": "application_referred",
    "refuse": "application_refused",
    "return_for_completion": "application_returned",
    "complete": "application_completed",
    "withdraw": "application_withdrawn",
}
TOLD_AT_THE_OPS = frozenset(_TOLD_BY.values())


@dataclass(frozen=True)
class Place:
    """A state, the trail to come back along, whether the sender has asked to open again what has ended, and whether the
    person has taken the consent back."""

    status: str
    trail: tuple[str, ...] = ()
    reopen_asked: bool = False
    consent_ended: bool = False


@dataclass(frozen=True)
class Move:
    """What one side, or the system, can do in a place, the event that tells of it, and where it leads."""

    side: Side
    event: str | None
    to: Place


START = Place("draft")


def begins(course: Course) -> Place:
    return Place("nowhere") if course == "at the OPS" else START


@cache
def is_open(course: Course, status: str) -> bool:
    """Whether somebody waits for what comes next; an application that was accepted goes on at the OPS."""
    if course == "at the OPS":
        return status in _applications() and _applications()[status]
    return (course, status) != ("application", "accepted") and table().states[cast(Status, status)].open


def ball(course: Course, status: str) -> Side:
    """Whose move it is."""
    if course == "at the OPS":
        return "receiver"
    return table().states[cast(Status, status)].ball


@cache
def moves(course: Course, place: Place) -> tuple[Move, ...]:
    """Everything that can happen here; only guards that follow from the place itself are asked."""
    return tuple(_at_the_ops(place) if course == "at the OPS" else _of_referral(course, place))


def _of_referral(course: Course, place: Place) -> Iterator[Move]:
    for entry in _entries(course, place.status):
        transition = entry.transition
        open_again = not place.reopen_asked and not place.consent_ended and IN_CHARGE & set(place.trail)
        if transition.action == "ask_reopen" and not open_again:
            continue
        if transition.action in ("reopen", "refuse_reopen") and not place.reopen_asked:
            continue
        if (transition.action, place.consent_ended) in (("end_consent", True), ("renew_consent", False)):
            continue
        status, trail = goes(transition, entry.status, cast(tuple[Status, ...], place.trail))
        event = "submitted" if transition.action == "submit" else transition.tells
        stands = place.reopen_asked and status == place.status and transition.action != "refuse_reopen"
        asked = stands or transition.action == "ask_reopen"
        ended = transition.action == "end_consent" or (place.consent_ended and transition.action != "renew_consent")
        yield Move(entry.side, event, Place(status, trail, asked, ended))


def _entries(course: Course, status: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in table().entries.values() if (entry.kind, entry.status) == (course, status))


def _applications() -> dict[str, bool]:
    return {state.code: state.open for state in applications().states.values()}


def _at_the_ops(place: Place) -> Iterator[Move]:
    for row in applications().transitions.values():
        if place.status in row.sources or (place.status, row.sources) == ("nowhere", ()):
            back = place.trail[-1] if place.trail else place.status
            trail = (place.status,) if row.target == "returned" else ()
            yield Move("receiver", _TOLD_BY[row.action], Place(row.target or back, trail))
