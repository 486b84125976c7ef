"""The quick faults, one after the other on one running system; each is judged by the whole history so far."""

from chaos.faults import broker, database, messages, requests, settings
from chaos.system import System


async def test_the_same_submission_twenty_times_at_once_is_one_referral(running: System) -> None:
    await requests.storm(running)


async def test_of_acceptance_and_withdrawal_at_once_one_wins_and_both_sides_agree(running: System) -> None:
    await requests.race(running)


async def test_copies_of_every_message_have_no_effect(running: System) -> None:
    await messages.copies(running)


async def test_a_changed_copy_has_no_effect_and_is_in_the_worklist(running: System) -> None:
    await messages.changed_copy(running)


async def test_messages_that_are_no_events_are_in_the_worklist_and_others_flow(running: System) -> None:
    await messages.nonsense(running)


async def test_letters_committed_out_of_order_are_all_sent(running: System) -> None:
    await database.late_commit(running)


async def test_letters_wait_in_the_outbox_while_the_broker_is_full(running: System) -> None:
    await settings.full(running)


async def test_a_broker_that_syncs_only_now_and_then_makes_nodes_unready(running: System) -> None:
    await settings.unsafe(running)


async def test_all_arrives_when_the_broker_forgets_everything(running: System) -> None:
    await broker.forgets(running)


async def test_callers_are_told_and_nothing_is_half_done_when_postgresql_is_killed(running: System) -> None:
    await database.killed(running)


async def test_an_event_of_a_newer_program_is_kept_and_the_link_goes_on(running: System) -> None:
    await messages.newer_program(running)
