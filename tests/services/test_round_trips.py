"""How often the busiest ways through a node go to the database: each time costs more than what is done there."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from contracts.api import Referral
from contracts.envelope import Envelope
from contracts.events import ReferralDelivered
from rules.roles import roles_of
from services.intake.api import SenderSide
from services.intake.context import Intake
from services.intake.handlers import handlers
from services.kit.caller import Caller
from services.kit.database import Database
from services.kit.delivery import Forged, Taken
from services.kit.keyring import Keyring
from stack.compose import make_base
from tests.nodes import Network
from tests.services.apart import intake_apart
from tests.services.database import road_closed

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PORAJ = Caller(agency="ops-poraj", roles=roles_of("ops"), actor="ops-poraj")


@asynccontextmanager
async def _intake(network: Network) -> AsyncIterator[Intake]:
    """The intake of node ops on connections of its own, which nothing else uses."""
    running = network.bases["ops"]
    base = make_base("ops", running.settings, running.directory, running.secrets)

    try:
        yield intake_apart(base)
    finally:
        await base.close()


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    """The first word of each statement sent to the database within the block, without begin and commit."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement.split()[0].lower())

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _create(network: Network, intake: Intake, key: str | None = None, **changes: Any) -> Referral:
    body = network.office("ops-poraj").body("pup-myszkow") | changes
    return await SenderSide(intake).create(PORAJ, body, key)


async def test_the_first_referral_of_a_person_goes_to_the_database_five_times(network: Network) -> None:
    async with _intake(network) as intake:
        with _statements(intake.service.database) as seen:
            created = await _create(network, intake)
    assert created.status == "submitted"
    # the tenant and the time; the client; the referral; the version gate; the letters
    assert seen == ["select", "with", "insert", "insert", "with"]


async def test_an_idempotency_key_costs_two_more(network: Network) -> None:
    async with _intake(network) as intake:
        with _statements(intake.service.database) as seen:
            await _create(network, intake, key=str(uuid4()))
    assert seen == ["select", "insert", "with", "insert", "insert", "update", "with"]


def _delivered(referral: Referral, source: str) -> Taken:
    fact = ReferralDelivered(
        path_id=referral.path_id,
        version=2,
        at=AT,
        referral_id=referral.id,
        sender=referral.sender,
        receiver=referral.receiver,
        status="delivered",
        custodian=referral.custodian,
        by="system",
    )
    identity = uuid4()
    envelope = Envelope(
        id=identity,
        type=fact.type(),
        source=source,
        subject=fact.path_id,
        time=AT,
        version=2,
        correlation_id=identity,
    )
    return Taken(fact, envelope)


async def _record(keyring: Keyring, database: Database, taken: list[Taken]) -> list[str]:
    effect = handlers(keyring).effects[ReferralDelivered]
    async with database.transaction("ops-poraj") as session:
        with _statements(database) as seen:
            await effect(session, taken)
            await session.flush()
    return seen


async def test_facts_that_arrive_together_are_read_and_written_together(network: Network) -> None:
    async with _intake(network) as intake, road_closed(network, "ops"):
        sent = [await _create(network, intake) for _ in range(3)]
        taken = [_delivered(referral, "pup-myszkow") for referral in sent]
        seen = await _record(intake.keyring, intake.service.database, taken)
        known = [await SenderSide(intake).show(PORAJ, referral.id) for referral in sent]
    assert seen == ["select", "update"]
    assert [found and (found.status, found.version, found.times.delivered) for found in known] == [
        ("delivered", 2, AT)
    ] * 3


async def test_a_fact_in_another_institutions_name_is_forged_also_among_others(network: Network) -> None:
    async with _intake(network) as intake, road_closed(network, "ops"):
        sent = [await _create(network, intake) for _ in range(2)]
        taken = [_delivered(sent[0], "pup-myszkow"), _delivered(sent[1], "cis-poraj")]
        with pytest.raises(Forged):
            await _record(intake.keyring, intake.service.database, taken)
        known = [await SenderSide(intake).show(PORAJ, referral.id) for referral in sent]
    assert [found and found.status for found in known] == ["submitted", "submitted"]
