"""The words of a derivation: its counts and dates are those that the oracle counts, in Polish and in English."""

import re
from collections.abc import Callable, Sequence

import pytest

from contracts.codes import Language
from oracle.clock import at
from oracle.days import SATURDAY, table
from oracle.skipped import Skipped, counted, skipped
from oracle.terms import end
from rules.calendar import Calendar, calendar
from rules.derivation import explain
from rules.terms import Question, reckon
from tests.oracle.asking import CLOSING, EVENT, length_of
from tests.oracle.reading import dates_in
from tests.oracle.table import compared, dates, every_fifth, moment

Counted = Callable[[int], None]

LANGUAGES: tuple[Language, ...] = ("pl", "en")
FORMS = {
    "pl": {"saturday": re.compile(r"\d+ sob\w+"), "sunday": re.compile(r"\d+ niedz\w+")},
    "en": {"saturday": re.compile(r"\d+ Saturdays?"), "sunday": re.compile(r"\d+ Sundays?")},
}
CLOSED = frozenset(index for index, day in enumerate(table()) if day.day in (2, 14) and day.month in (1, 5, 9))


@pytest.fixture(scope="module")
def closing() -> Calendar:
    days = {dates()[each]: CLOSING for each in CLOSED}
    return calendar().with_days("1", {}, {"cis-poraj": days}).of("cis-poraj")


def told(text: str, language: Language, free: Skipped, others: Sequence[int]) -> None:
    """The counts stand there in the right form and nothing else is counted; the dates are these, in this order."""
    for noun, n in (("saturday", free.saturdays), ("sunday", free.sundays)):
        expected = [counted(n, noun)[LANGUAGES.index(language)]] if n else []
        assert FORMS[language][noun].findall(text) == expected, text
    assert dates_in(text, language) == [dates()[each] for each in others], text


@pytest.mark.parametrize("expression", ["1wd", "2wd", "3wd", "14wd", "30wd"])
def test_the_days_skipped_are_counted_and_the_holidays_named(expression: str, counted: Counted) -> None:
    length, days = length_of(expression), calendar()
    for each in every_fifth():
        asking = Question(length, moment(at(each, 12)))
        words = explain(asking, reckon(asking, days), EVENT, days)
        last = end(expression, each)
        free = skipped(range(each + 1, last + 1))
        for language in LANGUAGES:
            told(words[language], language, free, [each, *free.holidays, last])
    counted(len(every_fifth()))


@pytest.mark.parametrize("expression", ["3wd", "14wd"])
def test_closing_days_are_named_among_the_holidays(expression: str, closing: Calendar, counted: Counted) -> None:
    length = length_of(expression)
    for each in every_fifth():
        asking = Question(length, moment(at(each, 12)))
        words = explain(asking, reckon(asking, closing), EVENT, closing)
        last = end(expression, each, closed=CLOSED)
        free = skipped(range(each + 1, last + 1), CLOSED)
        named = sorted((*free.holidays, *free.closings))
        for language in LANGUAGES:
            told(words[language], language, free, [each, *named, last])
        assert words["pl"].count(CLOSING["pl"]) == len(free.closings)
    counted(len(every_fifth()))


@pytest.mark.parametrize("expression", ["7d", "2w", "1m", "eom"])
def test_why_a_term_rolled_is_told_with_the_day_on_which_it_would_have_ended(expression: str, counted: Counted) -> None:
    length, days = length_of(expression), calendar()
    for each in every_fifth():
        asking = Question(length, moment(at(each, 12)), roll_forward=True)
        words = explain(asking, reckon(asking, days), EVENT, days)
        plain, last = end(expression, each), end(expression, each, roll=True)
        rolls = plain != last
        later = skipped(range(plain + 1, last)).holidays if rolls else ()
        for language in LANGUAGES:
            assert dates_in(words[language], language) == [
                dates()[day] for day in (each, *([plain] if rolls else []), *later, last)
            ]
        if rolls and table()[plain].holiday is None:
            saturday = table()[plain].weekday == SATURDAY
            assert ("w sobotę" if saturday else "w niedzielę") in words["pl"]
            assert ("on Saturday" if saturday else "on Sunday") in words["en"]
    counted(len(every_fifth()))


@pytest.mark.parametrize(
    ("expression", "noun", "n"),
    [
        *((f"{n}d", "day", n) for n in (1, 2, 5, 12, 22, 101)),
        *((f"{n}wd", "working day", n) for n in (1, 3, 5, 12, 14, 22, 34)),
        *((f"{n}w", "week", n) for n in (1, 2, 5, 22)),
        *((f"{n}m", "month", n) for n in (1, 2, 5, 12, 18, 22)),
        *((f"{n}y", "year", n) for n in (1, 2, 5)),
    ],
)
def test_a_length_is_told_in_the_right_form(expression: str, noun: str, n: int) -> None:
    asking, days = Question(length_of(expression), moment(at(compared()[0], 12))), calendar()
    words = explain(asking, reckon(asking, days), EVENT, days)
    polish, english = counted(n, noun)
    assert re.match(rf"{polish} od \b", words["pl"])
    assert re.match(rf"{english} from \b", words["en"])
