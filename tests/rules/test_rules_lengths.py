"""Lengths of terms: what may be written, and what is refused with what to write instead."""

import pytest

from rules.data import Refusal
from rules.derivation import length_text
from rules.lengths import Length, Part, parse, shorter_or_equal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5min", Length("5min", (Part(5, "min"),))),
        ("8oh", Length("8oh", (Part(8, "oh"),))),
        ("0d", Length("0d", (Part(0, "d"),))),
        ("1m+7d", Length("1m+7d", (Part(1, "m"), Part(7, "d")))),
        ("eom", Length("eom", (), "eom")),
        ("eom+3wd", Length("eom+3wd", (Part(3, "wd"),), "eom")),
        ("31.03", Length("31.03", (), "day_of_year", 31, 3)),
        ("10.next", Length("10.next", (), "day_of_next_month", 10)),
        ("due_on", Length("due_on", (), "due_on")),
    ],
)
def test_a_length_is_read(text: str, expected: Length) -> None:
    assert parse(text) == expected


NOTHING = "soon|3 weeks|7|d|-3d|07d|0wd|0m|1m+0d|eom+0d|3x|1m++7d|+7d|7d+eom|5min+1d|eom+8oh|1d+2oh|31.02|29.02|32.01"


@pytest.mark.parametrize("text", [*NOTHING.split("|"), "31.13", "29.next", "0.next", "next", "1.5d", "", None, 7])
def test_anything_else_is_refused_with_what_may_be_written(text: object) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert "Write for example 5min" in refused.value.wording["en"]
    assert "Napisz na przykład 5min" in refused.value.wording["pl"]


@pytest.mark.parametrize(
    ("text", "pl", "en"),
    [
        ("1d", "1 dzień", "1 day"),
        ("1wd", "1 dzień roboczy", "1 working day"),
        ("2wd", "2 dni robocze", "2 working days"),
        ("12wd", "12 dni roboczych", "12 working days"),
        ("22wd", "22 dni robocze", "22 working days"),
        ("112wd", "112 dni roboczych", "112 working days"),
        ("1w", "1 tydzień", "1 week"),
        ("4w", "4 tygodnie", "4 weeks"),
        ("5w", "5 tygodni", "5 weeks"),
        ("1m", "1 miesiąc", "1 month"),
        ("3m", "3 miesiące", "3 months"),
        ("11m", "11 miesięcy", "11 months"),
        ("1y", "1 rok", "1 year"),
        ("2y", "2 lata", "2 years"),
        ("5y", "5 lat", "5 years"),
        ("1oh", "1 godzina pracy urzędu", "1 office hour"),
        ("8oh", "8 godzin pracy urzędu", "8 office hours"),
        ("1m+7d", "1 miesiąc i 7 dni", "1 month and 7 days"),
        ("0d", "w dniu zdarzenia", "on the day of the event"),
        ("eom", "do końca miesiąca", "until the end of the month"),
        ("eom+3wd", "3 dni robocze po końcu miesiąca", "3 working days after the end of the month"),
        ("31.03", "do 31.03", "until 31 March"),
        ("10.next", "do 10. dnia następnego miesiąca", "until day 10 of the next month"),
        ("due_on", "wskazany dzień", "the day named"),
    ],
)
def test_a_length_is_said_as_people_say_it(text: str, pl: str, en: str) -> None:
    assert length_text(parse(text)) == {"pl": pl, "en": en}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [("7d", "7d", True), ("5d", "7d", True), ("8d", "7d", False), ("3wd", "7d", None), ("eom", "7d", None)],
)
def test_which_of_two_lengths_is_shorter_is_told_only_where_it_can_be(
    mine: str, theirs: str, expected: bool | None
) -> None:
    assert shorter_or_equal(parse(mine), parse(theirs)) is expected
