"""Derivations: a date explained so that anybody can count it over, in both languages."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import calendar
from rules.derivation import explain
from rules.lengths import parse
from rules.terms import Question, reckon
from tests.rules.opening import last_date
from tests.rules.reckoning import START_OF_TIME, closed, said, stop

SAID: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        "14wd",
        "2026-03-03",
        {"event": "application_registered"},
        "14 dni roboczych od 3.03.2026 (wpłynął wniosek), pominięto 3 soboty i 3 niedziele: 23.03.2026",
        "14 working days from 3 March 2026 (application received), skipping 3 Saturdays and 3 Sundays: 23 March 2026",
    ),
    (
        "3wd",
        "2025-12-22",
        {},
        "3 dni robocze od 22.12.2025 (wpłynęło), pominięto 1 sobotę i 1 niedzielę oraz dni wolne: "
        "Wigilia Bożego Narodzenia 24.12.2025, Boże Narodzenie (pierwszy dzień) 25.12.2025, "
        "Boże Narodzenie (drugi dzień) 26.12.2025: 30.12.2025",
        "3 working days from 22 December 2025 (arrived), skipping 1 Saturday and 1 Sunday and these days off: "
        "Christmas Eve 24 December 2025, Christmas Day 25 December 2025, Second Day of Christmas 26 December 2025: "
        "30 December 2025",
    ),
    (
        "7d",
        "2026-02-28",
        {"roll_forward": True},
        "7 dni od 28.02.2026 (wpłynęło), koniec w sobotę 7.03.2026, więc pierwszy dzień roboczy: 9.03.2026",
        "7 days from 28 February 2026 (arrived), ending on Saturday 7 March 2026, "
        "so the first working day: 9 March 2026",
    ),
    (
        "7d",
        "2026-05-28",
        {"roll_forward": True},
        "7 dni od 28.05.2026 (wpłynęło), koniec w dniu wolnym 4.06.2026 (Dzień Bożego Ciała), "
        "więc pierwszy dzień roboczy: 5.06.2026",
        "7 days from 28 May 2026 (arrived), ending on the day off 4 June 2026 (Corpus Christi), "
        "so the first working day: 5 June 2026",
    ),
    (
        "1d",
        "2026-04-03",
        {"roll_forward": True},
        "1 dzień od 3.04.2026 (wpłynęło), koniec w sobotę 4.04.2026 (wolne też: Niedziela Wielkanocna 5.04.2026, "
        "Poniedziałek Wielkanocny 6.04.2026), więc pierwszy dzień roboczy: 7.04.2026",
        "1 day from 3 April 2026 (arrived), ending on Saturday 4 April 2026 (off too: Easter Sunday 5 April 2026, "
        "Easter Monday 6 April 2026), so the first working day: 7 April 2026",
    ),
    (
        "7d",
        "2026-03-03",
        {"stops": (stop("2026-03-05", "2026-03-09"),)},
        "7 dni od 3.03.2026 (wpłynęło), doliczono 4 dni przerwy: pytanie 5.03–9.03.2026: 14.03.2026",
        "7 days from 3 March 2026 (arrived), adding 4 days for which the clock stood still: "
        "question 5 March–9 March 2026: 14 March 2026",
    ),
    (
        "2m",
        "2025-12-03",
        {"event": "proceedings_opened", "stops": (stop("2025-12-30", "2026-01-04", "proceedings_suspended"),)},
        "2 miesiące od 3.12.2025 (wszczęto postępowanie), doliczono 5 dni przerwy: "
        "zawieszenie 30.12.2025–4.01.2026: 8.02.2026",
        "2 months from 3 December 2025 (proceedings opened), adding 5 days for which the clock stood still: "
        "suspension 30 December 2025–4 January 2026: 8 February 2026",
    ),
    (
        "1m",
        "2026-03-03",
        {"event": "trial_started", "period": True},
        "1 miesiąc od 3.03.2026 (rozpoczął się okres próbny), ten dzień jest pierwszym dniem okresu: 2.04.2026",
        "1 month from 3 March 2026 (trial started), which is the first day of the period: 2 April 2026",
    ),
    (
        "1wd",
        "2026-03-06T15:10:00",
        {"cut_off": time(15)},
        "1 dzień roboczy od 6.03.2026 (wpłynęło), po godzinie granicznej 15:00 albo w dzień wolny, więc liczone jak "
        "9.03.2026: 10.03.2026",
        "1 working day from 6 March 2026 (arrived), after the cut-off hour 15:00 or on a day off, so counted as on "
        "9 March 2026: 10 March 2026",
    ),
    (
        "8oh",
        "2026-03-03T10:00:00",
        {},
        "8 godzin pracy urzędu od 3.03.2026 10:00 (wpłynęło): 4.03.2026 10:00",
        "8 office hours from 3 March 2026 10:00 (arrived): 4 March 2026 10:00",
    ),
    (
        "eom+3wd",
        "2026-03-01",
        {"event": "month_began"},
        "3 dni robocze po końcu miesiąca, do którego należy 1.03.2026 (rozpoczął się miesiąc): 3.04.2026",
        "3 working days after the end of the month of 1 March 2026 (month began): 3 April 2026",
    ),
    (
        "31.03",
        "2026-01-01",
        {"event": "year_began"},
        "najbliższy 31.03 po 1.01.2026 (rozpoczął się rok): 31.03.2026",
        "the next 31 March after 1 January 2026 (year began): 31 March 2026",
    ),
    (
        "10.next",
        "2026-03-01",
        {"event": "month_began"},
        "dzień 10 następnego miesiąca po 1.03.2026 (rozpoczął się miesiąc): 10.04.2026",
        "day 10 of the month after 1 March 2026 (month began): 10 April 2026",
    ),
    (
        "0d",
        "2026-03-03",
        {"event": "participant_qualified"},
        "dzień zdarzenia, 3.03.2026 (zakwalifikowano do udziału): 3.03.2026",
        "day of the event, 3 March 2026 (participant qualified): 3 March 2026",
    ),
    (
        "5d",
        "2026-03-02",
        {"not_before": date(2026, 3, 14)},
        "5 dni od 2.03.2026 (wpłynęło), zmiana obowiązuje od 14.03.2026, więc nie wcześniej: 14.03.2026",
        "5 days from 2 March 2026 (arrived), the change is in force from 14 March 2026, so not before: 14 March 2026",
    ),
]


@pytest.mark.parametrize(("length", "base", "more", "pl", "en"), SAID, ids=[each[3] for each in SAID])
def test_a_date_is_explained(length: str, base: str, more: dict[str, Any], pl: str, en: str) -> None:
    assert said(length, base, **more) == {"pl": pl, "en": en}


def test_a_stop_that_outlasts_the_term_without_a_working_day_in_it_is_told() -> None:
    found = said("3wd", "2026-03-03", stops=(stop("2026-03-06", "2026-03-08"),))
    assert found["pl"] == (
        "3 dni robocze od 3.03.2026 (wpłynęło), pominięto 1 sobotę i 1 niedzielę, przerwa (pytanie 6.03–8.03.2026) "
        "trwała dłużej, więc pierwszy dzień roboczy po niej: 9.03.2026"
    )
    assert "the clock stood still for longer (question 6 March–8 March 2026)" in found["en"]


def test_a_stop_that_began_on_a_day_over_which_the_end_had_moved_tells_of_that_first() -> None:
    found = said("5d", "2026-03-02", stops=(stop("2026-03-08", "2026-03-12"),), roll_forward=True)
    assert found["pl"] == (
        "5 dni od 2.03.2026 (wpłynęło), koniec w sobotę 7.03.2026, więc pierwszy dzień roboczy 9.03.2026, "
        "doliczono 4 dni przerwy: pytanie 8.03–12.03.2026: 13.03.2026"
    )


def test_closing_days_of_the_owner_are_named() -> None:
    found = said("1wd", "2026-03-03", by=closed("ops-poraj", "2026-03-04").of("ops-poraj"))
    assert found["pl"] == (
        "1 dzień roboczy od 3.03.2026 (wpłynęło), pominięto dni wolne: przerwa w pracy OPS 4.03.2026: 5.03.2026"
    )
    assert "these days off: the OPS is closed 4 March 2026" in found["en"]


def test_a_holiday_on_a_weekend_is_named_and_not_counted_as_a_saturday_too() -> None:
    found = said("1wd", "2026-08-14")["pl"]
    assert "pominięto 1 niedzielę oraz dni wolne: Wniebowzięcie Najświętszej Maryi Panny 15.08.2026" in found


def test_days_off_within_a_stop_are_counted_among_the_days_skipped() -> None:
    found = said("5wd", "2026-03-03", stops=(stop("2026-03-05", "2026-03-09"),))["pl"]
    assert found.endswith(
        "pominięto 1 sobotę i 1 niedzielę, doliczono 2 dni robocze przerwy: pytanie 5.03–9.03.2026: 12.03.2026"
    )


instants = st.timedeltas(timedelta(0), timedelta(days=36 * 365)).map(lambda after: START_OF_TIME + after)
lengths = st.sampled_from(["0d", "7d", "3wd", "14wd", "2w", "1m", "1y", "eom", "eom+3wd", "1m+7d", "31.03", "10.next"])


@given(length=lengths, at=instants, roll=st.booleans(), cut_off=st.none() | st.just(time(15)))
def test_the_last_date_of_a_derivation_is_the_due_date(
    length: str, at: datetime, roll: bool, cut_off: time | None
) -> None:
    question = Question(parse(length), at, roll_forward=roll, cut_off=cut_off)
    found = reckon(question, calendar())
    told = explain(question, found, "delivered", calendar())
    assert last_date(told["pl"]) == found.due_day
    assert told["en"].endswith(calendar().day_text(found.due_day)["en"])
    assert "{" not in told["pl"] + told["en"]
