"""The work on imported files goes on: in turns, through outages, past rows that break it, in several processes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from rules.limits import limit
from rules.retention import period
from services.intake.context import Intake
from services.intake.importing.desk import ImportDesk
from services.intake.importing.worker import TURN_ROWS, Importer
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.kit.retention import IMPORTED_FILES, prune
from services.kit.wake import Bell
from tests.imports.sheets import comma_separated
from tests.nodes import TODAY, Network, eventually
from tests.services.apart import intake_apart
from tests.services.database import administrator, change
from tests.services.importing import begun, counts, ended, imported, outcomes, sheet
from tests.services.steps import refused

FAULT, OUTAGE = "P0001", "57P01"
"""SQLSTATE: an exception that somebody raises; a server that is being shut down."""


class Restless(Bell):
    """Rings all the time."""

    async def wait(self, at_most: float) -> None:
        await super().wait(0.01)


def _intake(network: Network) -> Intake:
    """A second process of the service on node ops."""
    return intake_apart(network.bases["ops"])


@asynccontextmanager
async def refusing(network: Network, state: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """The database of node ops takes no referral, and says so with this SQLSTATE; whether it was asked to."""
    async with administrator(network, "ops") as connection:
        await connection.execute(f"""
            create sequence intake.refused;
            create function intake.refuse() returns trigger language plpgsql security definer as
            $$ begin perform nextval('intake.refused'); raise exception 'no' using errcode = '{state}'; end $$;
            create trigger refuse before insert on intake.referral execute function intake.refuse();
        """)

        async def asked() -> bool:
            return bool(await connection.fetchval("select is_called from intake.refused"))

        try:
            yield asked
        finally:
            await connection.execute("""
                drop trigger refuse on intake.referral;
                drop function intake.refuse();
                drop sequence intake.refused;
            """)


async def test_a_row_that_breaks_the_program_is_shown_and_the_others_go_on(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, first, second = sheet(poraj, "cis-poraj", 2)
    async with refusing(network, FAULT):
        found = await imported(poraj, comma_separated([header, first]))
    [row] = await outcomes(poraj, found, outcome="bad")
    assert [error["code"] for error in row["errors"]] == ["import_row_failed"]
    assert counts(await imported(poraj, comma_separated([header, first, second]))) == (2, 0, 0)


async def test_a_row_waits_for_a_database_that_is_down(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with refusing(network, OUTAGE) as asked:
        import_id = await begun(poraj, comma_separated(sheet(poraj, "cis-poraj", 2)))
        await eventually(asked)
        assert (await poraj.http.get(f"/imports/{import_id}")).json()["done"] == 0
    assert counts(await ended(poraj, import_id)) == (2, 0, 0)


async def test_a_long_list_of_one_institution_does_not_hold_up_a_short_one_of_another(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    long = await begun(poraj, comma_separated(sheet(poraj, "cis-poraj", 4 * TURN_ROWS)))
    short = await imported(myszkow, comma_separated(sheet(myszkow, "cis-myszkow", 2)))
    assert counts(short) == (2, 0, 0)
    assert (await ended(poraj, long))["finished_at"] > short["finished_at"]


async def test_several_processes_do_each_row_once(network: Network) -> None:
    poraj, intake = network.office("ops-poraj"), _intake(network)
    others = [asyncio.create_task(Importer(intake, Restless()).run()) for _ in range(2)]
    try:
        found = await imported(poraj, comma_separated(sheet(poraj, "cis-poraj", 2 * TURN_ROWS)))
        assert not any(task.done() for task in others)
    finally:
        for task in others:
            task.cancel()
        await asyncio.wait(others)
    assert counts(found) == (2 * TURN_ROWS, 0, 0)
    done = [row["row"] for row in await outcomes(poraj, found)]
    assert done == list(range(2, 2 * TURN_ROWS + 2))


async def test_a_file_that_is_lost_ends_and_holds_up_no_other(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with administrator(network, "ops") as connection, connection.transaction():
        await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
        import_id = await begun(poraj, comma_separated(sheet(poraj, "cis-poraj", TURN_ROWS + 5)))
        await connection.execute("delete from intake.import_part where import_id = $1", import_id)
    lost = await ended(poraj, import_id)
    assert (lost["state"], lost["total"]) == ("failed", TURN_ROWS + 5)
    assert lost["created"] == lost["done"] <= TURN_ROWS
    assert counts(await imported(poraj, comma_separated(sheet(poraj, "cis-poraj", 1)))) == (1, 0, 0)


async def test_of_one_institution_so_many_files_wait_and_the_next_one_is_refused_unread(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    async with administrator(network, "ops") as connection, connection.transaction():
        await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
        content = comma_separated(sheet(poraj, "cis-poraj", 1))
        waiting = [await begun(poraj, content) for _ in range(limit("imports_at_once", TODAY))]
        assert refused(await poraj.http.post("/referrals/import", json={})) == (429, "too_many_imports")
        other = await begun(myszkow, comma_separated(sheet(myszkow, "cis-myszkow", 1)))
    for import_id in waiting:
        await ended(poraj, import_id)
    assert counts(await imported(poraj, content)) == (0, 1, 0)
    await ended(myszkow, other)


async def test_files_that_still_arrive_take_the_place_of_those_that_wait(network: Network) -> None:
    desk = ImportDesk(_intake(network))
    poraj = Caller("ops-poraj", frozenset(), "somebody")
    async with AsyncExitStack() as stack:
        for _ in range(limit("imports_at_once", TODAY)):
            await stack.enter_async_context(desk.admitted(poraj))
        with pytest.raises(Problem, match="too_many_imports"):
            await stack.enter_async_context(desk.admitted(poraj))
        await stack.enter_async_context(desk.admitted(Caller("ops-myszkow", frozenset(), "somebody")))
    async with desk.admitted(poraj):
        pass


async def test_the_file_goes_when_its_time_is_over_and_what_became_of_its_rows_stays(network: Network) -> None:
    poraj, service = network.office("ops-poraj"), network.bases["ops"].service("intake")
    header, person = sheet(poraj, "cis-poraj", 1)
    person[header.index("PESEL")] = "x"
    old, young = [await imported(poraj, comma_separated([header, person])) for _ in range(2)]
    aged = period("imports", TODAY) + timedelta(minutes=1)
    await change(
        network, "ops", "update intake.import set finished_at = now() - $2::interval where id = $1", old["id"], aged
    )
    assert await prune(service, [IMPORTED_FILES]) == 2  # its head and its rows
    assert refused(await poraj.http.get(f"/imports/{old['id']}/bad-rows")) == (410, "import_gone")
    assert (await poraj.http.get(f"/imports/{young['id']}/bad-rows")).status_code == 200
    shown = (await poraj.http.get(f"/imports/{old['id']}")).json()
    assert (shown["name"], shown["columns"], shown["bad"]) == (None, [], 1)
    assert [error["field"] for error in (await outcomes(poraj, old))[0]["errors"]] == ["client.pesel"]
