"""What somebody typed into the one search field: a PESEL, or names with a birth date."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.desk.typed_days import day_in

_DAY = re.compile(r"\d{1,2}[.,/-]\s?\d{1,2}[.,/-]\s?\d{4}|\d{4}-\d{2}-\d{2}|\b\d{8}\b")
_PESEL_DIGITS = 11


@dataclass(frozen=True)
class Sought:
    """Whom to look for."""

    pesel: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None

    @property
    def complete(self) -> bool:
        """Whether it can be looked for without asking for more."""
        named = self.given_name and self.family_name and self.birth_date
        return bool(named) or (self.pesel is not None and len(self.pesel) >= _PESEL_DIGITS)

    def body(self) -> dict[str, Any]:
        """As the interface is asked: names that come without a date by themselves."""
        if self.pesel is None and self.birth_date is None:
            names = " ".join(name for name in (self.given_name, self.family_name) if name)
            return {"name": names} if names else {}
        return self.person()

    def person(self) -> dict[str, str]:
        """As a form begins."""
        told = {
            "pesel": self.pesel,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "birth_date": None if self.birth_date is None else self.birth_date.isoformat(),
        }
        return {name: value for name, value in told.items() if value is not None}


def sought(text: str) -> Sought:
    """Whom these words mean. Of two names the first is taken for the given one; the search knows them swapped too."""
    digits = re.sub(r"[\s-]", "", text)
    if digits.isdecimal() and day_in(text) is None:
        return Sought(pesel=digits)
    found = _DAY.search(text)
    day = day_in(found[0].replace(" ", "")) if found else None
    given, _, family = (text.replace(found[0], " ") if found and day else text).strip().partition(" ")
    return Sought(given_name=given or None, family_name=family.strip() or None, birth_date=day)
