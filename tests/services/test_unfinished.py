"""What somebody types for a step of an application is kept until they take it, for them alone."""

from typing import Any

from tests.nodes import Network, Office
from tests.services.applying import GIVEN, HELD, OPINION, opined, people, registered, step
from tests.services.database import rows
from tests.services.steps import done, refused

TYPED = {"fields": {"opinion.findings": ["Mieszka z siostrą.\nChce pracować."], "opinion.result": ["positive"]}}


def _address(application: dict[str, Any], action: str) -> str:
    return f"/applications/{application['id']}/actions/{action}/unfinished"


async def _interviewed(office: Office) -> dict[str, Any]:
    application = await registered(office)
    return await step(office, application, "record_interview", held_on=HELD, place="OPS")


async def _keep(office: Office, application: dict[str, Any]) -> dict[str, Any]:
    return done(await office.http.put(_address(application, "give_opinion"), json=TYPED))


async def _kept(office: Office, application: dict[str, Any]) -> Any:
    return done(await office.http.get(_address(application, "give_opinion")))["fields"]


async def test_what_was_typed_comes_back_as_typed_to_who_typed_it_and_to_nobody_else(network: Network) -> None:
    worker, head = await people(network)
    application = await _interviewed(worker)
    saved = await _keep(worker, application)
    assert saved["saved_at"] is not None
    assert await _kept(worker, application) == TYPED["fields"]
    assert await _kept(head, application) == {}
    assert refused(await network.office("ops-tychy").http.get(_address(application, "give_opinion"))) == (
        404,
        "not_found",
    )


async def test_taking_the_step_ends_it(network: Network) -> None:
    worker, _ = await people(network)
    application = await _interviewed(worker)
    await _keep(worker, application)
    await step(worker, application, "give_opinion", opinion=OPINION)
    assert await _kept(worker, application) == {}


async def test_it_ends_with_the_application_whoever_typed_it(network: Network) -> None:
    worker, head = await people(network)
    application = await _interviewed(worker)
    await _keep(worker, application)
    await step(head, application, "withdraw", reason="duplicate")
    assert await _kept(worker, application) == {}


async def test_nothing_typed_is_nothing_kept(network: Network) -> None:
    worker, _ = await people(network)
    application = await _interviewed(worker)
    await _keep(worker, application)
    emptied = done(await worker.http.put(_address(application, "give_opinion"), json={"fields": {}}))
    assert emptied == {"fields": {}, "saved_at": None}
    assert await _kept(worker, application) == {}


async def test_a_step_that_cannot_be_taken_now_keeps_nothing(network: Network) -> None:
    worker, head = await people(network)
    application = await registered(worker)
    assert refused(await worker.http.put(_address(application, "give_opinion"), json=TYPED)) == (409, "illegal_action")
    given = await opined(worker)
    assert given["opinion"]["issued_on"] == GIVEN
    assert refused(await worker.http.put(_address(given, "issue"), json=TYPED)) == (403, "role_not_allowed")
    assert done(await head.http.put(_address(given, "issue"), json=TYPED))["fields"] == TYPED["fields"]


async def test_the_database_holds_it_sealed(network: Network) -> None:
    worker, _ = await people(network)
    application = await _interviewed(worker)
    await _keep(worker, application)
    (row,) = await rows(network, "ops", "select * from intake.unfinished where application_id = $1", application["id"])
    assert "siostr" not in str(dict(row))
    assert row["author"] == "ops-social-worker@ops-poraj"
