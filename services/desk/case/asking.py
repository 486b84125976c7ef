"""What was typed for an action, as the interface takes it."""

from datetime import time
from typing import Any

from rules.calendar import at_local
from services.desk import typed_days
from services.desk.case.offers import day_of
from services.desk.forms import Typed

_AS_TYPED = (
    *("reason", "note", "question", "text", "suggestion", "edition", "place"),
    *("channel", "outcome", "evidence"),
)
_DAYS = ("due_on", "review_on", "until", "signed_on")


def body_of(typed: Typed, action: str) -> dict[str, Any]:
    """The fields of the form, days and moments as the interface has them. A day chosen by a button goes before the
    field for others."""
    body = {**typed.body(*_AS_TYPED), **{name: typed_days.told(day) for name in _DAYS if (day := typed.text(name))}}
    if (named := day_of(action)) and (preset := typed.text("preset")):
        body[named] = typed_days.told(preset)
    if meeting := _meeting(typed):
        body["meet_at"] = meeting
    return body


def _meeting(typed: Typed) -> str | None:
    """The moment; what is none as it was typed, so that the objection names it. None when nothing was typed."""
    day, at = typed.text("meet_at.day") or "", typed.text("meet_at.time") or ""
    found = typed_days.day_in(day)
    try:
        moment = time.fromisoformat(at)
    except ValueError:
        return f"{day} {at}".strip() or None
    return f"{day} {at}" if found is None else at_local(found, moment).isoformat()
