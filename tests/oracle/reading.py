"""Reading the words of a derivation as a person does: its dates and its counts."""

import re
from datetime import date

from contracts.codes import Language

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"  # as people write them
)
_DATES = {"pl": re.compile(r"(\d{1,2})\.(\d\d)\.(\d{4})"), "en": re.compile(rf"(\d{{1,2}}) ({_MONTHS}) (\d{{4}})")}


def dates_in(text: str, language: Language) -> list[date]:
    """Every date of the text, in its order."""
    found = _DATES[language].findall(text)
    if language == "pl":
        return [date(int(year), int(month), int(day)) for day, month, year in found]
    return [date(int(year), _MONTHS.split("|").index(month) + 1, int(day)) for day, month, year in found]


def last_date(text: str, language: Language) -> date:
    return dates_in(text, language)[-1]
