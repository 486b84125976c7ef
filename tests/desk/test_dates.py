"""Days, distances, numbers, lists and the order of names, as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.desk import dates
from services.kit.collation import in_order

NOW = datetime(2026, 12, 3, 22, 30, tzinfo=UTC)  # 23:30 in Poland


def test_days_and_moments_are_polish_ones() -> None:
    assert dates.day(date(2026, 12, 3), "pl") == "3 grudnia 2026"
    assert dates.short_day(date(2026, 12, 3), "pl") == "03.12.2026"
    assert dates.short_moment(datetime(2026, 12, 3, 23, 30, tzinfo=UTC), "pl") == "04.12.2026, 00:30"
    assert dates.moment(datetime(2026, 7, 3, 12, 5, tzinfo=UTC), "en") == "3 July 2026, 14:05"


@pytest.mark.parametrize(
    ("away", "pl", "en"),
    [
        (timedelta(minutes=5), "za 5 minut", "in 5 minutes"),
        (timedelta(hours=-3), "3 godziny temu", "3 hours ago"),
        (timedelta(hours=1), "jutro", "tomorrow"),
        (timedelta(hours=-24), "wczoraj", "yesterday"),
        (timedelta(days=2), "za 2 dni", "in 2 days"),
        (timedelta(days=40), "za 40 dni", "in 40 days"),
    ],
)
def test_distance_counts_days_of_the_calendar(away: timedelta, pl: str, en: str) -> None:
    assert (dates.away(NOW + away, NOW, "pl"), dates.away(NOW + away, NOW, "en")) == (pl, en)


def test_numbers_and_lists() -> None:
    assert dates.number(12345.5, "pl") == "12\N{NO-BREAK SPACE}345,5"
    assert dates.listing(["OPS", "PUP", "CIS"], "pl") == "OPS, PUP i CIS"


def test_polish_letters_come_after_their_plain_ones() -> None:
    names = ["Żuk", "Ćwik", "azja", "Łoś", "Lis", "Müller", "Ziółko", "Zych", "Źrebiec", "Ąbecki", "Mur", "Nowak"]
    assert sorted(names, key=in_order) == [
        *("azja", "Ąbecki", "Ćwik", "Lis", "Łoś", "Müller", "Mur", "Nowak", "Ziółko", "Zych", "Źrebiec", "Żuk")
    ]
