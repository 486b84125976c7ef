"""Who the case is about, as the head of a page says it."""

from datetime import date

_SHOWN = 4
"""Digits of a PESEL that are shown before it is asked for: enough to tell two people apart, too few to be it."""


def age(born: date, today: date) -> int:
    """Full years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def masked(pesel: str) -> str:
    """The end of a PESEL."""
    return "•" * (len(pesel) - _SHOWN) + pesel[-_SHOWN:]


def called(given_name: str | None, family_name: str | None) -> str:
    """Given name and family name, as far as they are known."""
    return " ".join(name for name in (given_name, family_name) if name)
