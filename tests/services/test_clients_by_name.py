"""Clients found by names alone: typed in any order, with an error, after a correction."""

from services.intake.naming import fill
from tests.nodes import Network
from tests.services.apart import intake_apart
from tests.services.database import change, rows
from tests.services.finding import nameless, search
from tests.services.steps import done


async def test_a_client_is_found_by_names_alone_in_any_order_and_with_an_error(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = nameless()
    await tychy.send("cis-tychy", client=person)
    family = person["family_name"]
    for typed, why in (
        (f"{family} Bożena", "same_name"),
        ("bozena " + family.replace("Próbna", "Próna"), "similar_name"),
    ):
        (found,) = await search(tychy, name=typed)
        assert (found["person"]["family_name"], found["why"]) == (family, [why])
    assert await search(tychy, name=f"{family} Zenobia") == []
    assert await search(tychy, name="- - -") == []
    assert await search(network.office("ops-poraj"), name=family) == []


async def test_a_corrected_client_is_found_by_the_new_name_and_no_longer_by_the_old(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = nameless()
    await tychy.send("cis-tychy", client=person)
    (found,) = await search(tychy, name=person["family_name"])
    client = done(await tychy.http.get(f"/clients/{found['client_id']}"))
    client["known"]["person"]["family_name"] = new = nameless()["family_name"]
    done(await tychy.http.put(f"/clients/{client['id']}", json=client["known"]))
    assert await search(tychy, name=person["family_name"]) == []
    assert [each["client_id"] for each in await search(tychy, name=new)] == [client["id"]]


async def test_clients_of_before_are_found_by_names_a_moment_after_the_start(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = nameless()
    await tychy.send("cis-tychy", client=person)
    (found,) = await search(tychy, name=person["family_name"])
    delete = "delete from intake.client_name where client_id = $1 returning key"
    assert await rows(network, "ops", delete, found["client_id"])
    await change(network, "ops", "update intake.client set named = false where id = $1", found["client_id"])
    assert await search(tychy, name=person["family_name"]) == []
    await fill(intake_apart(network.bases["ops"]), "ops-tychy")
    assert len(await search(tychy, name=person["family_name"])) == 1
