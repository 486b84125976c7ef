"""An import is looked at before it is sent in, stopped by a person, and after a dry run sent for good."""

import asyncio

from tests.imports.sheets import comma_separated
from tests.nodes import Network
from tests.services.database import administrator, wait_for_locks
from tests.services.importing import begun, counts, ended, imported, outcomes, send, sheet
from tests.services.steps import done, refused

ROWS = 3


async def test_a_stopped_import_takes_no_further_row_and_keeps_what_it_made(network: Network) -> None:
    poraj = network.office("ops-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", ROWS))
    async with administrator(network, "ops") as connection, connection.transaction():
        await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
        import_id = await begun(poraj, content)
        await wait_for_locks(network, "ops", 1)
        stopping = asyncio.create_task(poraj.http.post(f"/imports/{import_id}/actions/cancel"))
        await wait_for_locks(network, "ops", 2)
    found = done(await stopping)
    assert (found["state"], found["done"], found["created"]) == ("cancelled", 1, 1)
    assert found == await ended(poraj, import_id)
    assert counts(await imported(poraj, content)) == (ROWS - 1, 1, 0)


async def test_what_is_over_cannot_be_stopped(network: Network) -> None:
    poraj = network.office("ops-poraj")
    found = await imported(poraj, comma_separated(sheet(poraj, "cis-poraj", 1)))
    assert refused(await poraj.http.post(f"/imports/{found['id']}/actions/cancel")) == (409, "import_over")


async def test_a_dry_run_is_sent_for_good_without_its_file(network: Network) -> None:
    poraj = network.office("ops-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", 2))
    tried = await imported(poraj, content, dry_run="true", name="lista czerwcowa.csv")
    sent = await ended(poraj, done(await poraj.http.post(f"/imports/{tried['id']}/actions/send"))["id"])
    assert (sent["dry_run"], sent["name"], counts(sent)) == (False, "lista czerwcowa.csv", (2, 0, 0))
    assert all(row["referral_id"] for row in await outcomes(poraj, sent))
    assert refused(await poraj.http.post(f"/imports/{sent['id']}/actions/send")) == (409, "import_not_tried")


async def test_a_dry_run_that_was_stopped_is_not_sent_for_good(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with administrator(network, "ops") as connection, connection.transaction():
        await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
        import_id = await begun(poraj, comma_separated(sheet(poraj, "cis-poraj", ROWS)), dry_run="true")
        await wait_for_locks(network, "ops", 1)
        stopping = asyncio.create_task(poraj.http.post(f"/imports/{import_id}/actions/cancel"))
        await wait_for_locks(network, "ops", 2)
    assert done(await stopping)["state"] == "cancelled"
    assert refused(await poraj.http.post(f"/imports/{import_id}/actions/send")) == (409, "import_not_tried")


async def test_another_institution_has_no_such_import_to_act_on(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    tried = await imported(poraj, comma_separated(sheet(poraj, "cis-poraj", 1)), dry_run="true")
    for action in ("cancel", "send"):
        assert (await myszkow.http.post(f"/imports/{tried['id']}/actions/{action}")).status_code == 404


async def test_the_columns_of_a_file_are_told_before_it_is_sent_in(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, row = sheet(poraj, "cis-poraj", 1)
    header = ["Klient" if name == "Nazwisko" else name for name in header]
    content = comma_separated([[*header, "Lp."], [*row, "1"]])

    async def kept() -> set[str]:
        return {item["id"] for item in done(await poraj.http.get("/imports"))["items"]}

    before = await kept()

    async def columns(**fields: str) -> dict[str, object]:
        return done(await poraj.http.post("/referrals/import/columns", files={"file": ("a.csv", content)}, data=fields))

    told = await columns()
    assert (told["rows"], told["unknown_columns"]) == (1, ["Klient", "Lp."])
    assert [each["field"] for each in told["missing"]] == ["client.family_name"]  # type: ignore[attr-defined]
    mapping = {"Klient": "client.family_name", "Lp.": None}
    assert done(await send(poraj, content, mapping=mapping, dry_run=True), 202)["unknown_columns"] == []
    remembered = await columns()
    assert (remembered["unknown_columns"], remembered["missing"]) == ([], [])
    assert len(await kept() - before) == 1
