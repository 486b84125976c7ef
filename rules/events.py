"""The vocabulary of events that deadlines begin and end with, also of those that no service sends yet."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Literal

from contracts.base import Code, Message
from rules.data import Raw, Refusal, Wording, read, refuse_doubles, rows

FILE = "events.toml"

Subject = Literal["referral", "application", "participation", "plan", "employment", "office"]


class EventName(Message):
    """One event. `pause`: what a time is called that begins with it. `names_day`: whether it names a day itself."""

    code: Code
    subject: Subject
    wording: Wording
    pause: Wording | None = None
    names_day: bool = False


def build(raw: Raw) -> dict[str, EventName]:
    """The events by code. Raises RulesError when one is doubled."""
    found = rows(FILE, raw, "events", EventName)
    refuse_doubles(FILE, "events", (event.code for event in found))
    return {event.code: event for event in found}


@cache
def events() -> dict[str, EventName]:
    """All events by code, in the order of the table."""
    return build(read(FILE))


def refuse_unknown(codes: Iterable[str]) -> None:
    """Raises Refusal naming the first code that is no event, with the names most like it."""
    for code in codes:
        if code not in events():
            alike = get_close_matches(code, events(), n=3)
            guess_pl = f"Czy chodziło o {' albo '.join(alike)}? " if alike else ""
            guess_en = f"Did you mean {' or '.join(alike)}? " if alike else ""
            raise Refusal(
                {"pl": f"Nieznane zdarzenie {code}.", "en": f"Unknown event {code}."},
                {
                    "pl": f"{guess_pl}Nazwy zdarzeń są w rules/events.toml.",
                    "en": f"{guess_en}The names of events are in rules/events.toml.",
                },
            )
