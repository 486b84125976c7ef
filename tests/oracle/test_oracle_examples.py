"""Dates that a person can look up on the wall, and what the oracle and the rules make of them."""

from datetime import date

import pytest

from tests.oracle.asking import asked
from tests.oracle.table import ends

EXAMPLES = [
    # days: the day of the event does not count (KPA art. 57 § 1)
    ("7d", "2026-03-02", False, "2026-03-09"),
    ("7d", "2026-02-28", False, "2026-03-07"),
    ("7d", "2026-02-28", True, "2026-03-09"),  # a Saturday: the Monday after it (§ 4)
    ("7d", "2018-11-05", True, "2018-11-13"),  # 12 November 2018 was a day off
    ("30d", "2024-01-30", False, "2024-02-29"),
    ("1d", "2015-12-31", True, "2016-01-04"),
    ("8d", "2024-12-16", True, "2024-12-24"),  # still a working day
    ("8d", "2025-12-16", True, "2025-12-29"),  # no longer, and four days off follow
    # working days
    ("14wd", "2026-03-03", False, "2026-03-23"),
    ("1wd", "2024-12-23", False, "2024-12-24"),
    ("1wd", "2025-12-23", False, "2025-12-29"),
    ("3wd", "2026-04-02", False, "2026-04-08"),  # Easter
    ("2wd", "2026-06-03", False, "2026-06-08"),  # Corpus Christi
    ("1wd", "2025-04-30", False, "2025-05-02"),  # 2 May is no holiday
    ("1wd", "2018-11-09", False, "2018-11-13"),
    ("2wd", "2028-02-28", False, "2028-03-01"),
    ("5wd", "2026-12-29", False, "2027-01-07"),  # two holidays at the turn of the year
    # weeks end on the day of the same name (§ 2)
    ("2w", "2021-11-03", False, "2021-11-17"),
    ("4w", "2023-09-04", False, "2023-10-02"),
    ("4w", "2026-12-04", True, "2027-01-04"),  # 1 January, then a weekend
    # months: the corresponding day, or the last one (§ 3)
    ("1m", "2026-01-31", False, "2026-02-28"),
    ("1m", "2028-01-31", False, "2028-02-29"),
    ("1m", "2026-04-30", False, "2026-05-30"),
    ("3m", "2021-06-30", False, "2021-09-30"),
    ("11m", "2026-03-31", False, "2027-02-28"),
    ("1m", "2026-11-25", True, "2026-12-28"),
    ("2m", "2025-12-31", True, "2026-03-02"),
    # years (§ 3a)
    ("1y", "2024-02-29", False, "2025-02-28"),
    ("4y", "2024-02-29", False, "2028-02-29"),
    ("1y", "2027-02-28", False, "2028-02-28"),
    # dates of the calendar
    ("eom", "2026-02-03", False, "2026-02-28"),
    ("eom", "2028-02-29", False, "2028-02-29"),
    ("eom", "2026-02-28", True, "2026-03-02"),
    ("eom+3wd", "2025-12-04", False, "2026-01-07"),
    ("1m+7d", "2026-01-31", False, "2026-03-07"),
    ("31.03", "2026-03-30", False, "2026-03-31"),
    ("31.03", "2026-03-31", False, "2027-03-31"),
    ("10.next", "2026-12-31", False, "2027-01-10"),
    ("10.next", "2026-01-31", True, "2026-02-10"),
]


@pytest.mark.parametrize(("expression", "event", "roll", "due"), EXAMPLES)
def test_a_term_ends_on_the_day_that_the_wall_calendar_says(expression: str, event: str, roll: bool, due: str) -> None:
    day = date.fromisoformat(event)
    assert ends(expression, day, roll=roll) == date.fromisoformat(due)
    assert asked(expression, day, roll=roll) == date.fromisoformat(due)
