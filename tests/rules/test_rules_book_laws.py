"""The book: what holds for every event at every time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.book import read_book, shipped
from rules.calendar import local_day
from rules.events import events
from tests.rules.booking import CLOSING, HOLIDAY, LONGER, SHORTER, opened

EVENTS = [event for rule in shipped().rules for event in rule.starts if not events()[event].names_day]
instants = st.timedeltas(timedelta(0), timedelta(days=12 * 365)).map(
    lambda after: datetime(2015, 1, 1, tzinfo=UTC) + after
)


@given(event=st.sampled_from(EVENTS), at=instants, kind=st.sampled_from(["statutory_cis", "kis", "service"]))
def test_computing_again_under_the_same_book_moves_nothing(event: str, at: datetime, kind: str) -> None:
    for deadline in opened(shipped(), event, local_day(at).isoformat(), kind=kind).values():
        change = shipped().next_change(local_day(at)) or date.max
        for later in (0, 1, 40, 4000):
            if (today := local_day(at) + timedelta(days=later)) < change:
                assert shipped().again(deadline, today) is deadline


@given(event=st.sampled_from(EVENTS), at=instants, kind=st.sampled_from(["statutory_cis", "kis", "service"]))
def test_every_rule_gives_a_ladder_that_rises_after_its_event(event: str, at: datetime, kind: str) -> None:
    for deadline in opened(shipped(), event, local_day(at).isoformat(), kind=kind).values():
        assert all(rung.at > deadline.base_at for rung in deadline.ladder)
        assert all(lower.at <= upper.at for lower, upper in pairwise(deadline.ladder))


@given(at=instants, today=st.integers(0, 60), text=st.sampled_from([LONGER, SHORTER, HOLIDAY, CLOSING]))
def test_what_a_change_has_moved_it_does_not_move_again(at: datetime, today: int, text: str) -> None:
    book, day = read_book(text), local_day(at)
    for deadline in opened(shipped(), "delivered", day.isoformat()).values():
        moved = book.again(deadline, day + timedelta(days=today))
        assert moved is deadline or moved.revision == 1
        assert book.again(moved, day + timedelta(days=today)) is moved
