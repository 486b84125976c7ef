"""What the fields of a step hold before anybody types: days that are likely, and what was told before."""

from datetime import date
from typing import Any

from contracts.applications import Application
from rules.calendar import add_working_days
from services.desk.intake.facts import values_of
from services.desk.intake.reading import as_typed
from services.desk.intake.steps import FORM

_AHEAD = (2, 5, 10)
"""Working days from today that an interview is often planned for."""


def presets(today: date) -> list[tuple[str, date]]:
    """Days for one click, as a field takes them, with the day itself."""
    return [(as_typed(day), day) for day in (add_working_days(today, count) for count in _AHEAD)]


def shown_at_first(application: Application, action: str, today: date) -> dict[str, Any]:
    """Every field of this step as its page opens, with what is known of the person."""
    known = {FORM + name: value for name, value in values_of(application.client).items()}
    return _starting(application, action, today) | known


def _starting(application: Application, action: str, today: date) -> dict[str, Any]:
    interview = application.interview
    if action == "schedule_interview":
        return {"on": as_typed(interview.planned_on), "place": interview.place or ""}
    if action == "record_interview":
        planned = interview.planned_on
        held = planned if planned is not None and planned <= today else today
        return {"held_on": as_typed(held), "place": interview.place or ""}
    if action == "give_opinion":
        return {"opinion.issued_on": as_typed(today), "opinion.interview_on": as_typed(interview.held_on)}
    if action == "issue":
        return {"receiver": application.receiver or "", "preferred_workshop": "", "reason": ""}
    return {}
