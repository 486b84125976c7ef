"""Record histories of ClientPath: `python -m tests.replay.record`.

Writes only histories that are not there yet. One that no longer replays needs a patch in the workflow
(`workflow.patched`), not a new recording: such paths are under way.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from contracts.ids import workflow_id
from tests.workflows.applying import Application, told_together
from tests.workflows.examples import Referral, facts_of, uid
from tests.workflows.living import Life
from tests.workflows.skipping import Record, seen, tell, time_skipping, worker_of
from workflows.agenda import MOVED
from workflows.path import RENEWAL

FOLDER = Path(__file__).parent


async def accepted_after_a_question(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """Everything in time."""
    told.delivered(at=told.now + timedelta(minutes=1)).claimed()
    due_on = date.fromordinal(told.now.toordinal() + 7)
    facts = facts_of(told.asked(due_on).answered().accepted().events)
    for fact in facts:
        await seen(await tell(skipping.client, told.path_id, [fact]))


async def missed_then_accepted_late(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """Reminders, a missed deadline, an acceptance afterwards, and a duplicate."""
    facts = facts_of(told.delivered(at=told.now + timedelta(minutes=1)).events)
    record.deadlines = [*facts[1].opens]
    await tell(skipping.client, told.path_id, facts)
    await skipping.sleep(timedelta(days=20))
    now = (await skipping.get_current_time()).astimezone(UTC)
    facts = facts_of(told.accepted(at=now).events)
    await seen(await tell(skipping.client, told.path_id, [facts[2], facts[0]]))


async def continued_with_a_deadline_ahead(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """A run that ends in a new one, since it is a quarter old, and a deadline in the new one."""
    told.delivered(at=told.now + timedelta(minutes=1)).claimed()
    due_on = date.fromordinal(told.now.toordinal() + RENEWAL.days + 20)
    await tell(skipping.client, told.path_id, facts_of(told.asked(due_on).events))
    await skipping.sleep(RENEWAL + timedelta(days=30))


async def told_in_heaps(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """Facts of which several come in one signal, one of them for the second time, and a deadline missed between."""
    facts = facts_of(told.delivered(at=told.now + timedelta(minutes=1)).claimed().events)
    record.deadlines = [watch for fact in facts for watch in fact.opens]
    await tell(skipping.client, told.path_id, facts)
    await skipping.sleep(timedelta(days=20))
    now = (await skipping.get_current_time()).astimezone(UTC)
    facts = facts_of(told.asked(date.fromordinal(now.toordinal() + 7), at=now).answered(at=now).accepted(at=now).events)
    await seen(await tell(skipping.client, told.path_id, [facts[0], *facts[3:]]))


async def applied_before_it_was_referred(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """An application whose interview comes late, and the referral that goes on from it."""
    application = Application(path_id=told.path_id, at=told.now).registered().planned()
    _, facts = told_together(application.events)
    record.deadlines = [watch for fact in facts for watch in fact.opens]
    await tell(skipping.client, told.path_id, facts)
    await skipping.sleep(timedelta(days=30))
    now = (await skipping.get_current_time()).astimezone(UTC)
    application.interviewed(at=now).opined(at=now).referred()
    referral = Referral(path_id=told.path_id, at=application.now).submitted()
    _, facts = told_together(application.events, referral.events)
    await seen(await tell(skipping.client, told.path_id, facts[2:]))


async def undone_and_decided_again(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """A refusal that was a slip of the hand, and the acceptance that was meant."""
    told.delivered(at=told.now + timedelta(minutes=1)).claimed()
    facts = facts_of(told.declined().undone(at=told.now + timedelta(minutes=3)).accepted().events)
    for fact in facts:
        await seen(await tell(skipping.client, told.path_id, [fact]))


async def a_life_with_a_pause_and_a_second_life(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """From the waiting list to the outcome, with an end of a pause that is missed, and opened again afterwards."""
    now = told.now
    lived = Life(path_id=told.path_id, at=now)
    lived.submitted().delivered(at=now + timedelta(minutes=1)).claimed()
    lived.waitlisted(_days(now, 30)).admitted().scheduled(now + timedelta(days=2)).started()
    facts = facts_of(lived.suspended(_days(now, 5)).events)
    record.deadlines = [watch for fact in facts for watch in fact.opens]
    await tell(skipping.client, told.path_id, facts)
    await skipping.sleep(timedelta(days=20))
    now = (await skipping.get_current_time()).astimezone(UTC)
    lived.resumed(at=now).return_proposed(at=now).return_refused(at=now).completed(at=now)
    facts = facts_of(lived.reopen_asked(at=now).reopened(at=now).progressed(at=now).events)
    for fact in facts[8:]:
        await seen(await tell(skipping.client, told.path_id, [fact]))


def _days(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)


async def moved_while_a_clock_stood_still(skipping: WorkflowEnvironment, told: Referral, record: Record) -> None:
    """A missed deadline that a change of rules moves ahead; a question, whose answer moves another."""
    facts = facts_of(told.delivered(at=told.now + timedelta(minutes=1)).events)
    record.deadlines = [*facts[1].opens]
    await tell(skipping.client, told.path_id, facts)
    await skipping.sleep(timedelta(days=6))
    now = (await skipping.get_current_time()).astimezone(UTC)
    claim = next(deadline for deadline in facts[1].opens if deadline.rule == "claim")
    later = claim.model_copy(update={"due_at": now + timedelta(days=9), "ladder": (), "revision": 1})
    why = {claim.id: {"pl": "nowy dzień wolny", "en": "a new day off"}}
    change = {
        "event_id": uid(told.path_id, "moved"),
        "type": MOVED,
        "at": now,
        "opens": (),
        "moves": (later,),
        "why": why,
    }
    record.deadlines = [later]
    await tell(skipping.client, told.path_id, [facts[1].model_copy(update=change)])
    told.claimed(at=now).asked(date.fromordinal(now.toordinal() + 7), at=now).answered(at=now + timedelta(days=2))
    for fact in facts_of(told.events)[2:]:
        await seen(await tell(skipping.client, told.path_id, [fact]))
    await skipping.sleep(timedelta(days=30))


Scenario = Callable[[WorkflowEnvironment, Referral, Record], Awaitable[None]]

SCENARIOS: tuple[Scenario, ...] = (
    accepted_after_a_question,
    missed_then_accepted_late,
    continued_with_a_deadline_ahead,
    told_in_heaps,
    applied_before_it_was_referred,
    undone_and_decided_again,
    a_life_with_a_pause_and_a_second_life,
    moved_while_a_clock_stood_still,
)


async def record_one(skipping: WorkflowEnvironment, scenario: Scenario) -> dict[str, WorkflowHistory]:
    """The histories of this scenario's path by name: of its first run and, if that was continued, of the last."""
    now = (await skipping.get_current_time()).astimezone(UTC).replace(microsecond=0)
    told = Referral(path_id=uid(scenario.__name__), at=now).submitted()
    record = Record()
    async with worker_of(skipping.client, record):
        await scenario(skipping, told, record)
        handle = skipping.client.get_workflow_handle(workflow_id(told.path_id))
        last = await handle.fetch_history()
        await handle.terminate()
    run = last.events[0].workflow_execution_started_event_attributes.first_execution_run_id
    if run == last.run_id:
        return {scenario.__name__: last}
    first = await skipping.client.get_workflow_handle(workflow_id(told.path_id), run_id=run).fetch_history()
    return {scenario.__name__: first, f"{scenario.__name__}_last_run": last}


async def main() -> None:
    async with time_skipping() as skipping:
        for scenario in SCENARIOS:
            if (FOLDER / f"{scenario.__name__}.json").exists():
                continue
            for name, history in (await record_one(skipping, scenario)).items():
                (FOLDER / f"{name}.json").write_text(history.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
