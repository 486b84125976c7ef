"""What is typed for a step of an application and not sent, kept by the interface until the step is taken.

Only what differs from the page as it opened is kept, so that coming back to it brings back what was typed, and not what
was known of the person on that day.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from contracts.api import AvailableAction
from contracts.applications import Application
from contracts.unfinished import Unfinished
from services.desk.api import Calls
from services.desk.intake.facts import SEVERAL
from services.desk.intake.offers import shown_at_first
from services.desk.intake.steps import FORM

_BOXES = frozenset(FORM + name for name in SEVERAL)


async def kept(calls: Calls, application: Application, action: str) -> Unfinished | None:
    """What this person has typed for the step before; None when that is nothing. Raises Refused, Unreachable."""
    found = await calls.get(_address(application, action), Unfinished)
    return found if found.fields else None


async def keep(
    calls: Calls,
    application: Application,
    action: AvailableAction,
    typed: Mapping[str, Sequence[str]],
    version: str | None,
    *,
    today: date,
) -> Unfinished | None:
    """Keep what is typed so far; None when nothing is. `version`: of the application as the page shows it.

    Raises Refused, Unreachable.
    """
    first = shown_at_first(application, action.action, today)
    now = version == str(application.version)
    about_person = any(field.name == "form" for field in action.fields)
    fields = changed(typed, first, boxes=_BOXES if about_person else frozenset(), whole=now)
    put = await calls.put(_address(application, action.action), Unfinished, {"fields": fields})
    return put if put.fields else None


def changed(
    typed: Mapping[str, Sequence[str]], first: Mapping[str, Any], *, boxes: Collection[str], whole: bool
) -> dict[str, list[str]]:
    """The fields that somebody has changed. `boxes`: those that a form leaves out when none is ticked.

    Not `whole`: of a page that was opened before the application changed it cannot be told what of the person's data
    was typed and what only stood there, so none of it is.
    """
    told: dict[str, list[str]] = {name: [] for name in boxes}
    told |= {name: [*values] for name, values in typed.items() if not name.startswith("_")}
    return {
        name: values
        for name, values in told.items()
        if values != _as_sent(first.get(name)) and (whole or not name.startswith(FORM))
    }


def values_in(begun: Unfinished) -> dict[str, Any]:
    """The fields as a page shows them."""
    return {name: list(values) if name in _BOXES else "".join(values[-1:]) for name, values in begun.fields.items()}


def _as_sent(value: Any) -> list[str]:
    """A field nobody has touched, as a form sends it."""
    return list(value) if isinstance(value, (list, tuple)) else [value or ""]


def _address(application: Application, action: str) -> str:
    return f"/applications/{application.id}/actions/{action}/unfinished"
