"""Dated numbers."""

from datetime import date

import pytest

from rules.limits import highest, limit, limits


def test_limits_hold_from_their_first_day_on() -> None:
    assert limit("claim_lease_working_days", date(2025, 1, 1)) == 1
    assert limit("question_rounds", date(2026, 2, 3)) == 3


@pytest.mark.parametrize(("name", "on"), [("question_rounds", date(2024, 12, 31)), ("luck", date(2026, 2, 3))])
def test_a_limit_that_is_not_in_force_is_an_error(name: str, on: date) -> None:
    with pytest.raises(LookupError, match=name):
        limit(name, on)


def test_the_highest_number_of_all_times_is_no_less_than_any() -> None:
    for name in {row.name for row in limits()}:
        assert highest(name) == max(row.value for row in limits() if row.name == name)
    with pytest.raises(LookupError, match="luck"):
        highest("luck")
