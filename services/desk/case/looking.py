"""What somebody typed into the one search field of the clients: a number of a case, a PESEL, or names."""

import re
from dataclasses import dataclass
from typing import Any

from services.desk.new.looking import sought

_NUMBER = re.compile(r"S\s?(\d{2})[\s-]?([0-9A-Z]{4})[\s-]?([0-9A-Z]{4})")


@dataclass(frozen=True)
class Wanted:
    """One of the two: the number of a case, or whom to look for as the interface takes it."""

    number: str | None = None
    person: dict[str, Any] | None = None


def wanted(text: str) -> Wanted | None:
    """What these words ask for; None for nothing."""
    number = _NUMBER.fullmatch(text.strip().upper())
    if number:
        return Wanted(number=f"S{number[1]}-{number[2]}-{number[3]}")
    if not text.strip():
        return None
    read = sought(text)
    if read.pesel is not None or read.complete:
        return Wanted(person=read.body())
    return Wanted(person={"name": text.strip()[:200]})
