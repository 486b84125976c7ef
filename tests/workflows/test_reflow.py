"""A change of rules or calendar moves every live deadline once, on a real database."""

from datetime import date, timedelta

import pytest

from contracts.events import DeadlineMissed, DeadlineMoved, ReminderDue, RulesApplied
from contracts.paths import Deadline
from rules.book import read_book
from rules.calendar import add_working_days, end_of_day, local_day
from services.kit.service import Service
from tests.workflows.deliveries import database_now, deliver, execute, overdue, pictures_for, published, rows, state_of
from tests.workflows.examples import PATH_ID, Referral, uid
from tests.workflows.rulings import OPERATOR, apply_file, day_off, delivered, length, put
from workflows import preview, reflow, rulebook, scan
from workflows.preview import moved_by, sorted_rows
from workflows.queries import path_view
from workflows.tables import DeadlineRow, EmissionRow, FactRow, MovedRow, RulebookRow

LONG_AGO = date(2025, 1, 1)


async def today_of(service: Service) -> date:
    return local_day(await database_now(service))


async def live(service: Service, rule: str) -> Deadline:
    """The one live deadline of this rule."""
    state = await state_of(service, PATH_ID)
    [found] = [watch.deadline for watch in state.watches if watch.live and watch.deadline.rule == rule]
    return found


async def claim_row(service: Service) -> DeadlineRow:
    [row] = [row for row in await rows(service, DeadlineRow) if row.rule == "claim"]
    return row


async def test_a_new_day_off_moves_the_deadline_and_its_reminders_and_tells_both_institutions_once(
    service: Service,
) -> None:
    await delivered(service)
    before = await live(service, "claim")
    today = await today_of(service)
    free = add_working_days(today, 1)
    done = await apply_file(service, day_off(free))
    after, row = await live(service, "claim"), await claim_row(service)
    assert done is not None
    assert after.due_at == end_of_day(add_working_days(local_day(before.due_at), 1)) == row.due_at
    assert (after.revision, row.revision, row.book) == (1, 1, done.id)
    planned = {each.id: each for each in await rows(service, EmissionRow) if each.deadline_id == after.id}
    assert {each.revision for each in planned.values()} == {1}
    assert {each.at for each in planned.values()} == {rung.at for rung in after.ladder} | {after.due_at}
    claims = [event for event in await published(service, DeadlineMoved) if event[2].rule == "claim"]
    told = {(target, event.agency): event for target, _, event in claims}
    assert set(told) == {("ops", "ops-poraj"), ("cis", "cis-poraj")}
    event, same = told["ops", "ops-poraj"], told["cis", "cis-poraj"].model_copy(update={"agency": "ops-poraj"})
    assert event == same
    assert (event.was, event.due_at, event.rules) == (before.due_at, after.due_at, done.version)
    assert event.why["pl"].startswith("nowy dzień wolny: ")
    assert event.why["pl"].endswith("(Dzień żałoby)")
    [shown] = [each for each in (await pictures_for(service, "ops-poraj"))[-1].view.deadlines if each.rule == "claim"]
    assert shown.moved is not None
    assert (shown.moved.was, shown.moved.why) == (before.due_at, event.why)


async def test_the_same_file_a_second_time_changes_nothing(service: Service) -> None:
    await delivered(service)
    text = day_off(add_working_days(await today_of(service), 1))
    await apply_file(service, text)
    before = (await state_of(service, PATH_ID), await rows(service, MovedRow), await rows(service, FactRow))
    assert await apply_file(service, text) is None
    assert before == (await state_of(service, PATH_ID), await rows(service, MovedRow), await rows(service, FactRow))


async def test_taking_the_file_back_moves_everything_back(service: Service) -> None:
    await delivered(service)
    before = await live(service, "claim")
    await apply_file(service, day_off(add_working_days(await today_of(service), 1)))
    await apply_file(service, "")
    after = await live(service, "claim")
    assert (after.due_at, after.ladder, after.revision) == (before.due_at, before.ladder, 2)
    assert [row.text for row in sorted(await rows(service, RulebookRow), key=lambda row: row.id or 0)][1:] == [""]


async def test_what_is_shown_beforehand_is_what_moves(service: Service) -> None:
    for name in ("one", "two", "three"):
        await delivered(service, name, path_id=uid(name))
    text = day_off(add_working_days(await today_of(service), 1)) + length("decision", "1d", LONG_AGO)
    shown = [row async for row in preview.preview(service, read_book(text))]
    assert await rows(service, MovedRow) == []
    done = await apply_file(service, text)
    assert done is not None
    async with service.database.transaction() as session:
        moved = await moved_by(session, done.id)
    assert moved == sorted_rows(shown)
    assert {row.rule for row in moved} == {"claim", "decision", "silence"}


async def test_a_changed_service_level_is_told_with_both_lengths_and_its_basis(service: Service) -> None:
    await delivered(service)
    await apply_file(service, length("claim", "5wd", LONG_AGO))
    [row] = await rows(service, MovedRow)
    assert row.why["pl"].startswith("inna długość: 3 dni robocze → 5 dni roboczych")
    assert "Porozumienie z testu" in row.why["pl"]
    assert row.why["en"].startswith("another length: 3 working days → 5 working days")


async def test_a_missed_deadline_that_moves_ahead_waits_again(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    await scan.scan(service)
    assert (await claim_row(service)).status == "missed"
    before = {event.due_at for _, _, event in await published(service, DeadlineMissed) if event.rule == "claim"}
    await apply_file(service, length("claim", "200wd", LONG_AGO))
    assert (await claim_row(service)).status == "open"
    await scan.scan(service)
    assert {event.due_at for _, _, event in await published(service, DeadlineMissed) if event.rule == "claim"} == before


async def test_a_deadline_that_moves_into_the_past_is_announced_as_missed(service: Service) -> None:
    now = await database_now(service)
    told = Referral(at=now - timedelta(days=20)).submitted()
    told.delivered(at=told.now)
    await apply_file(service, length("claim", "200wd", LONG_AGO))
    await deliver(service, told.events)
    assert (await claim_row(service)).status == "open"
    await apply_file(service, "")
    await scan.scan(service)
    assert (await claim_row(service)).status == "missed"
    missed = [event for _, _, event in await published(service, DeadlineMissed) if event.rule == "claim"]
    assert {event.agency for event in missed} == {"ops-poraj", "cis-poraj"}
    assert len(missed) == 2
    reminded = [event for _, _, event in await published(service, ReminderDue) if event.rule == "claim"]
    assert sorted(event.audience for event in reminded) == ["head", "owner", "owner", "sender"]


async def test_what_was_told_before_a_move_is_not_told_again_for_the_past(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    await scan.scan(service)
    before = await published(service, ReminderDue)
    missed = await published(service, DeadlineMissed)
    await apply_file(service, length("claim", "5wd", LONG_AGO))
    await scan.scan(service)
    assert await published(service, ReminderDue) == before
    assert await published(service, DeadlineMissed) == missed
    assert (await claim_row(service)).status == "missed"


async def test_a_version_for_new_cases_leaves_those_under_way_and_a_transitional_one_moves_them(
    service: Service,
) -> None:
    now = await database_now(service)
    today = local_day(now)
    old = Referral("old", path_id=uid("old"), at=now - timedelta(days=2)).submitted()
    await deliver(service, old.delivered(at=now).events)
    await apply_file(service, law("claim", today, applies="new_cases"))
    await delivered(service, "new", path_id=uid("new"))
    versions = {row.path_id: row.rule_version for row in await rows(service, DeadlineRow) if row.rule == "claim"}
    assert versions == {uid("old"): "2", uid("new"): "test"}
    await apply_file(service, law("claim", today, applies="running_cases"))
    versions = {row.path_id: row.rule_version for row in await rows(service, DeadlineRow) if row.rule == "claim"}
    assert versions == {uid("old"): "test", uid("new"): "test"}


def law(rule: str, valid_from: date, *, applies: str) -> str:
    """A new version of a rule, by law."""
    return (
        f'[[rules]]\nid = "{rule}"\nversion = "test"\nkind = "law"\nevidence = "read"\napplies = "{applies}"\n'
        'wording = { pl = "podjęcie", en = "taking up" }\n'
        'basis = { pl = "Ustawa z testu, art. 1", en = "Act of the test, art. 1" }\n'
        f"valid_from = {valid_from}\n"
        'kinds = ["statutory_cis"]\nstarts = ["delivered"]\nends = ["claimed", "accepted", "declined"]\n'
        'length = "10wd"\nowner = "receiver"\nladder = [{ at = "0", audience = "owner" }]\n'
    )


async def test_on_the_day_on_which_a_rule_begins_for_running_cases_it_moves_them(service: Service) -> None:
    await delivered(service)
    today = await today_of(service)
    await put(service, length("claim", "5wd", today))
    await execute(service, f"update rulebook set day = '{today - timedelta(days=1)}'")
    before = await live(service, "claim")
    async with service.database.transaction() as session:
        row = await rulebook.keep_up(service, session)
    await reflow.flow(service)
    after = await live(service, "claim")
    assert row is not None
    assert (local_day(after.due_at), after.revision) == (add_working_days(today, 5), 1)
    assert after.due_at > before.due_at
    assert [each.who for each in await rows(service, RulebookRow)] == [OPERATOR, rulebook.CALENDAR]
    async with service.database.transaction() as session:
        assert await rulebook.keep_up(service, session) is None


async def test_the_first_start_and_another_release_make_a_row_of_their_own(service: Service) -> None:
    async with service.database.transaction() as session:
        first = await rulebook.keep_up(service, session)
    async with service.database.transaction() as session:
        assert await rulebook.keep_up(service, session) is None
    await execute(service, "update rulebook set version = 'of another release'")
    async with service.database.transaction() as session:
        second = await rulebook.keep_up(service, session)
    assert first is not None
    assert second is not None
    assert (second.version, second.id > first.id) == (first.version, True)
    told = {(target, event.version) for target, _, event in await published(service, RulesApplied)}
    assert told == {(node, row.id) for node in ("ops", "pup", "cis", "owes") for row in (first, second)}


async def test_deadlines_of_before_keep_their_dates(service: Service) -> None:
    """They do not tell how urgent the case is, nor which day the question named: the path node knows."""
    now = await database_now(service)
    told = Referral(at=now).submitted()
    told.delivered(at=now).claimed(at=now).asked(local_day(now) + timedelta(days=9), at=now)
    await deliver(service, told.events)
    before = await path_view(service, PATH_ID)
    await execute(service, _FORGET)
    await put(service, day_off(local_day(now) + timedelta(days=400)))
    await reflow.flow(service)
    assert await path_view(service, PATH_ID) == before
    assert await rows(service, MovedRow) == []


_FORGET = """
    update path set state = jsonb_set(state, '{watches}', (
        select jsonb_agg(jsonb_set(watch, '{deadline}',
            (watch -> 'deadline') - 'urgency' - 'named_on' - 'governed_on' - 'stops' - 'revision'))
        from jsonb_array_elements(state -> 'watches') as watch
    ))
"""


@pytest.mark.parametrize("status", ["open", "missed"])
async def test_deadlines_that_nobody_waits_for_stay_as_they_were(service: Service, status: str) -> None:
    told = await (delivered(service) if status == "open" else _overdue(service))
    await deliver(service, told.accepted(at=await database_now(service)).events[-1:])
    before = await state_of(service, PATH_ID)
    await apply_file(service, length("claim", "5wd", LONG_AGO) + length("decision", "5d", LONG_AGO))
    assert await state_of(service, PATH_ID) == before


async def _overdue(service: Service) -> Referral:
    told = await overdue(service)
    await deliver(service, told.events)
    await scan.scan(service)
    return told
