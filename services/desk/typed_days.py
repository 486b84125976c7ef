"""Days as people type them: 3.12.2026, 3-12-2026, 03122026 or 2026-12-03; given back as 3.12.2026."""

import re
from datetime import date

_WAYS = (
    re.compile(r"(?P<day>\d{1,2})\s*[.,/ -]\s*(?P<month>\d{1,2})\s*[.,/ -]\s*(?P<year>\d{4})\s*(?:r\.?)?"),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
)


def day_in(text: str) -> date | None:
    """The day that was typed; None for what is none."""
    for way in _WAYS:
        found = way.fullmatch(text.strip())
        if found:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def told(text: str) -> str:
    """The day as the interface takes it; what is no day as it was typed, so that the objection names it."""
    day = day_in(text)
    return text if day is None else day.isoformat()


def typed(value: str) -> str:
    """A day of the interface as people type it; anything else as it is."""
    day = day_in(value)
    return value if day is None else f"{day.day}.{day.month:02d}.{day.year}"
