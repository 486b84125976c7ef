"""What holds for every term, whatever the day and the length: said without looking at how a date is found."""

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.calendar import add_working_days, roll_forward
from tests.oracle.asking import asked, explained
from tests.oracle.reading import last_date

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2050, 12, 31))
few = st.integers(min_value=1, max_value=40)
expressions = st.one_of(
    st.builds("{}{}".format, few, st.sampled_from(["d", "wd", "w", "m"])),
    st.sampled_from(["1y", "2y", "eom", "eom+3wd", "1m+7d", "31.03", "10.next"]),
)
rolling = st.booleans()


@settings(deadline=None)
@given(expression=expressions, event=days, later=st.integers(min_value=0, max_value=40), roll=rolling)
@example(expression="1m", event=date(2026, 1, 28), later=3, roll=False)
def test_a_later_event_never_falls_due_earlier(expression: str, event: date, later: int, roll: bool) -> None:
    assert asked(expression, event, roll=roll) <= asked(expression, event + timedelta(days=later), roll=roll)


@settings(deadline=None)
@given(expression=expressions, event=days, roll=rolling)
def test_nothing_falls_due_before_its_event_and_rolling_never_shortens(
    expression: str, event: date, roll: bool
) -> None:
    due = asked(expression, event, roll=roll)
    assert due > event or (expression == "eom" and due == event)
    assert asked(expression, event, roll=False) <= due


@settings(deadline=None)
@given(event=days)
def test_rolling_twice_is_rolling_once(event: date) -> None:
    assert roll_forward(roll_forward(event)) == roll_forward(event)


@settings(deadline=None)
@given(expression=expressions, event=days)
def test_what_rolls_ends_where_the_plain_end_rolls_to(expression: str, event: date) -> None:
    assert asked(expression, event, roll=True) == roll_forward(asked(expression, event, roll=False))


@settings(deadline=None)
@given(event=days, n=few, m=few)
def test_working_days_add_up(event: date, n: int, m: int) -> None:
    assert add_working_days(add_working_days(event, n), m) == add_working_days(event, n + m)
    assert asked(f"{m}wd", asked(f"{n}wd", event)) == asked(f"{n + m}wd", event)


@settings(deadline=None)
@given(event=days, n=few, m=few)
def test_days_and_weeks_add_up(event: date, n: int, m: int) -> None:
    assert asked(f"{n}d", asked(f"{m}d", event)) == asked(f"{n + m}d", event)
    assert asked(f"{n}w", event) == asked(f"{7 * n}d", event)


@settings(deadline=None)
@given(expression=expressions, event=days, roll=rolling)
def test_the_last_date_of_the_words_is_the_due_date_in_both_languages(expression: str, event: date, roll: bool) -> None:
    due, words = explained(expression, event, roll=roll)
    assert last_date(words["pl"], "pl") == last_date(words["en"], "en") == due


@settings(deadline=None)
@given(expression=expressions, event=days, at=st.integers(min_value=0, max_value=60), roll=rolling)
def test_a_stop_of_no_time_changes_nothing(expression: str, event: date, at: int, roll: bool) -> None:
    day = event + timedelta(days=at)
    assert asked(expression, event, roll=roll, stops=[(day, day)]) == asked(expression, event, roll=roll)


@settings(deadline=None)
@given(event=days, n=few, after=st.integers(min_value=0, max_value=40), k=few)
def test_a_stop_of_k_days_moves_a_term_in_days_by_k_unless_the_term_was_over(
    event: date, n: int, after: int, k: int
) -> None:
    since = event + timedelta(days=after)
    moved = asked(f"{n}d", event, stops=[(since, since + timedelta(days=k))])
    assert moved == event + timedelta(days=n + (k if after <= n else 0))


@settings(deadline=None)
@given(event=days, n=few, after=st.integers(min_value=0, max_value=60), k=few, expression=expressions, roll=rolling)
def test_nobody_is_late_before_the_clock_goes_on(
    event: date, n: int, after: int, k: int, expression: str, roll: bool
) -> None:
    since = event + timedelta(days=after)
    until = since + timedelta(days=k)
    plain = asked(expression, event, roll=roll)
    moved = asked(expression, event, roll=roll, stops=[(since, until)])
    assert moved >= plain
    assert moved >= until if since <= plain else moved == plain
