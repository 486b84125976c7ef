"""When a reader asks for what it misses: not too soon, again and again ever later, and at once while asking helps."""

from services.kit.patience import Patience, Waits

WAITS = Waits(plain=3, unclear=60, first=5, longest=30)


def test_what_is_plainly_missing_is_asked_for_after_the_short_wait() -> None:
    patience = Patience(WAITS)
    assert [patience.is_over(at, 7, plain=True) for at in (100, 102.9, 103)] == [False, False, True]


def test_what_may_still_be_on_the_way_is_given_the_long_wait() -> None:
    patience = Patience(WAITS)
    assert [patience.is_over(at, 7, plain=False) for at in (100, 159, 160)] == [False, False, True]


def test_a_cursor_that_moves_starts_the_wait_again() -> None:
    patience = Patience(WAITS)
    assert [patience.is_over(at, cursor, plain=True) for at, cursor in ((100, 7), (103, 8), (105, 8), (106, 8))] == [
        False,
        False,
        False,
        True,
    ]


def test_asking_that_changes_nothing_comes_ever_later() -> None:
    patience, at = Patience(WAITS), 100.0
    asked: list[float] = []
    patience.is_over(at, 7, plain=True)
    while len(asked) < 5:
        at += 1
        if patience.is_over(at, 7, plain=True):
            patience.asked(at, 9)
            asked.append(at - 100)
    assert asked == [3, 8, 18, 38, 68]


def test_when_everything_asked_for_has_come_the_next_is_asked_for_at_once() -> None:
    patience = Patience(WAITS)
    patience.is_over(100, 0, plain=True)
    patience.asked(103, 1000)
    assert patience.is_over(104, 1000, plain=True)
