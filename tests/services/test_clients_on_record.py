"""Who looked for clients and whose names they saw is on record, counted, and forgotten in time."""

from datetime import timedelta
from uuid import UUID, uuid4

from rules.limits import limit
from rules.retention import period
from services.kit import retention
from tests.nodes import TODAY, Network
from tests.services.database import administrator, change, rows
from tests.services.finding import pesel_of, search
from tests.services.steps import done, errors, refused


async def _seen(network: Network, actor: str) -> list[tuple[str, UUID | None]]:
    """Whom this login has seen and how, and None for each search."""
    query = "select kind, client_id from intake.client_access where actor = $1 order by id"
    return [(row["kind"], row["client_id"]) for row in await rows(network, "ops", query, actor)]


async def test_who_searched_and_who_looked_is_on_record(network: Network) -> None:
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    sent = await network.office("ops-poraj").send("cis-poraj")
    (found,) = await search(deputy, pesel=sent["client"]["pesel"])
    (actor,) = (user["login"] for user in network.credentials["ops-poraj"]["users"] if user["role"] == "OPS_DEPUTY")
    before = await _seen(network, actor)
    assert before[-2:] == [("search", None), ("found", UUID(found["client_id"]))]
    done(await deputy.http.get(f"/clients/{found['client_id']}"))
    assert (await deputy.http.get(f"/clients/{uuid4()}")).status_code == 404
    assert errors(await deputy.http.post("/clients/search", json={"pesel": "4405"}))
    assert await _seen(network, actor) == [*before, ("card", UUID(found["client_id"]))]


async def test_whose_names_stood_in_a_list_or_a_result_is_on_record(network: Network) -> None:
    worker = await network.person("ops-tychy", "OPS_SOCIAL_WORKER")
    sent = [await network.office("ops-tychy").send("cis-tychy") for _ in range(2)]
    actor = (await worker.http.get("/session")).json()["login"]
    before = len(await _seen(network, actor))
    listed = [("list", UUID(item["id"])) for item in done(await worker.http.get("/clients"))["items"]]
    assert await search(worker, name=f"Nikt{uuid4().hex}") == []
    (found,) = await search(worker, pesel=sent[0]["client"]["pesel"])
    assert len(listed) >= len(sent)
    assert (await _seen(network, actor))[before:] == [
        *listed,
        ("search", None),
        ("search", None),
        ("found", UUID(found["client_id"])),
    ]


async def test_nobody_searches_without_end(network: Network) -> None:
    tychy, most = network.office("ops-tychy"), limit("client_searches_an_hour", TODAY)
    wanted = {"pesel": pesel_of(tychy)}
    noted = "insert into intake.client_access (agency, actor, kind, at) select $1, $1, 'search', now() - $2::interval"
    async with administrator(network, "ops") as connection:
        await connection.execute("delete from intake.client_access where agency = 'ops-tychy'")
        await connection.execute(f"{noted} from generate_series(1, $3)", "ops-tychy", timedelta(minutes=59), most - 1)
        assert (await tychy.http.post("/clients/search", json=wanted)).status_code == 200
        answer = await tychy.http.post("/clients/search", json=wanted)
        assert refused(answer) == (429, "too_many_searches")
        assert str(most) in answer.json()["title"]
        worker = await network.person("ops-tychy", "OPS_SOCIAL_WORKER")
        assert (await worker.http.post("/clients/search", json=wanted)).status_code == 200
        past = "update intake.client_access set at = at - interval '1 hour' where agency = 'ops-tychy'"
        await connection.execute(past)
    assert (await tychy.http.post("/clients/search", json=wanted)).status_code == 200


async def test_who_looked_is_forgotten_when_its_time_is_over(network: Network) -> None:
    tychy = network.office("ops-tychy")
    for _ in range(2):
        await search(tychy, pesel=pesel_of(tychy))
    noted = "select id from intake.client_access where actor = 'ops-tychy' order by id"
    *_, old, fresh = await rows(network, "ops", noted)
    past = f"update intake.client_access set at = now() - interval '{period('client_access', TODAY).days + 1} days'"
    await change(network, "ops", f"{past} where id = $1", old["id"])
    await retention.prune(network.bases["ops"].service("intake"), [retention.CLIENT_ACCESS])
    left = {row["id"] for row in await rows(network, "ops", "select id from intake.client_access")}
    assert (old["id"] in left, fresh["id"] in left) == (False, True)
