"""When a term ends and how that is said, asked for with the least words."""

from datetime import UTC, date, datetime, time
from typing import Any

from contracts.paths import Stop
from rules.calendar import Calendar, calendar
from rules.derivation import explain
from rules.lengths import parse
from rules.terms import Question, reckon

LANGUAGES = ("pl", "en")


def noon(day: str) -> datetime:
    return calendar().at_local(date.fromisoformat(day), time(12))


def local(text: str) -> datetime:
    """The instant of this local date and time."""
    at = datetime.fromisoformat(text)
    return calendar().at_local(at.date(), at.time())


def asked(length: str, base: str, **more: Any) -> Question:
    base_at = local(base) if "T" in base else noon(base)
    return Question(length=parse(length), base_at=base_at, **more)


def due(length: str, base: str, by: Calendar | None = None, **more: Any) -> str:
    return reckon(asked(length, base, **more), by or calendar()).due_day.isoformat()


def due_time(length: str, base: str, by: Calendar | None = None, **more: Any) -> str:
    found = reckon(asked(length, base, **more), by or calendar())
    return f"{calendar().local_time(found.due_at):%Y-%m-%d %H:%M}"


def said(length: str, base: str, event: str = "delivered", by: Calendar | None = None, **more: Any) -> dict[str, str]:
    question = asked(length, base, **more)
    found = explain(question, reckon(question, by or calendar()), event, by or calendar())
    return {language: found[language] for language in LANGUAGES}


def stop(since: str, until: str | None, event: str = "info_requested") -> Stop:
    return Stop(since=noon(since), until=noon(until) if until else None, event=event)


def closed(institution: str, *days: str) -> Calendar:
    """The calendar with closing days of one institution."""
    reason = {"pl": "przerwa w pracy OPS", "en": "the OPS is closed"}
    return calendar().with_days("test", {}, {institution: {date.fromisoformat(day): reason for day in days}})


START_OF_TIME = datetime(2015, 1, 1, tzinfo=UTC)
