"""A clock that stands still while a question is open, and goes on with what was left."""

from datetime import date, timedelta

from contracts.events import DeadlineMissed
from contracts.paths import PathView
from rules.book import shipped
from rules.calendar import local_day
from services.kit.service import Service
from tests.workflows.deliveries import database_now, deliver, published, rows, state_of
from tests.workflows.examples import PATH_ID, START, Referral, Story, as_fact, facts_of, state_after
from workflows import scan
from workflows.agenda import Agenda, apply, next_due
from workflows.queries import path_view
from workflows.tables import DeadlineRow, EmissionRow
from workflows.watch import Watch

ASKED = START + timedelta(days=2)
ANSWERED = START + timedelta(days=6)


def decision(state: Agenda) -> Watch:
    [found] = [watch for watch in state.watches if watch.deadline.rule == "decision"]
    return found


def asked() -> Referral:
    told = Referral().submitted().delivered(at=START).claimed(at=START)
    return told.asked(date(2026, 6, 20), at=ASKED)


def test_a_question_stops_the_clock_of_the_decision() -> None:
    watch = decision(state_after(asked().events))
    assert (watch.status, watch.waiting()) == ("paused", [])
    assert [(stop.since, stop.until, stop.event) for stop in watch.deadline.stops] == [(ASKED, None, "info_requested")]


def test_the_answer_lets_it_go_on_with_what_was_left() -> None:
    before = decision(state_after(asked().events))
    after = decision(state_after(asked().answered(at=ANSWERED).events))
    assert (after.status, after.deadline.id, after.deadline.revision) == ("open", before.deadline.id, 1)
    assert local_day(after.deadline.due_at) >= local_day(before.deadline.due_at) + timedelta(days=4)
    assert after.moved is not None
    assert (after.moved.was, after.moved.why) == (before.deadline.due_at, after.deadline.derivation)
    assert after.deadline.due_at in {item.at for item in after.waiting()}


def test_a_second_question_stops_it_again() -> None:
    told = asked().answered(at=ANSWERED).asked(date(2026, 6, 30), at=ANSWERED + timedelta(hours=1))
    watch = decision(state_after(told.answered(at=ANSWERED + timedelta(days=3)).events))
    assert (watch.status, len(watch.deadline.stops), watch.deadline.revision) == ("open", 2, 2)


def test_a_refusal_while_the_clock_stands_still_is_in_time() -> None:
    late = START + timedelta(days=60)
    assert decision(state_after(asked().declined(at=late).events)).status == "met"


def test_a_question_asked_too_late_stops_nothing() -> None:
    late = START + timedelta(days=30)
    told = Referral().submitted().delivered(at=START).claimed(at=START).asked(date(2026, 8, 1), at=late)
    watch = decision(state_after(told.events))
    assert (watch.status, watch.deadline.stops) == ("open", ())


def test_nothing_wakes_the_path_for_a_clock_that_stands_still() -> None:
    state = state_after(asked().events)
    answer = next(watch.deadline for watch in state.watches if watch.deadline.rule == "answer")
    first = next_due(state)
    assert first is not None
    assert first in {rung.at for rung in answer.ladder}


def test_a_decision_that_an_earlier_release_ended_with_the_question_waits_again() -> None:
    """Such a state is in the database of whoever asked before the upgrade."""
    events: list[Story] = asked().answered(at=ANSWERED).events
    state = Agenda(path_id=PATH_ID)
    for fact in facts_of(events[:-1]):
        old = fact.model_copy(update={"pauses": (), "closes": (*fact.closes, *fact.pauses)})
        state = apply(state, old)
    assert decision(state).status == "met"
    after = decision(apply(state, as_fact(events[-1], state)))
    assert (after.status, after.deadline.due_at) == ("open", decision(state_after(events)).deadline.due_at)


async def test_while_it_stands_still_nothing_is_planned_and_then_the_new_dates(service: Service) -> None:
    now = await database_now(service)
    told = Referral(at=now).submitted().delivered(at=now).claimed(at=now)
    await deliver(service, told.asked(local_day(now) + timedelta(days=9), at=now).events)
    [row] = [row for row in await rows(service, DeadlineRow) if row.rule == "decision"]
    assert row.status == "paused"
    assert [each for each in await rows(service, EmissionRow) if each.deadline_id == row.id] == []
    await deliver(service, told.answered(at=now + timedelta(days=4)).events[-1:])
    watch = decision(await state_of(service, PATH_ID))
    [row] = [row for row in await rows(service, DeadlineRow) if row.rule == "decision"]
    assert (row.status, row.due_at, row.revision) == ("open", watch.deadline.due_at, 1)
    planned = [each for each in await rows(service, EmissionRow) if each.deadline_id == row.id]
    assert {each.id for each in planned} == {item.id for item in watch.waiting()}
    shown = await path_view(service, PATH_ID)
    assert isinstance(shown, PathView)


async def test_a_stopped_deadline_is_never_announced_as_missed(service: Service) -> None:
    now = await database_now(service)
    told = Referral(at=now - timedelta(days=60)).submitted()
    told.delivered(at=told.now).claimed(at=told.now).asked(local_day(told.now) + timedelta(days=90), at=told.now)
    await deliver(service, told.events)
    await scan.scan(service)
    assert [event.rule for _, _, event in await published(service, DeadlineMissed) if event.rule == "decision"] == []


def test_the_rules_say_which_events_stop_the_clock() -> None:
    both = {"decision", "silence"}
    assert shipped().stopped_by("info_requested") == shipped().restarted_by("info_answered") == both
    assert shipped().stopped_by("redirect_proposed") == shipped().restarted_by("redirect_refused") == both
