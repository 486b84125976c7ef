"""Whose inbox a referral is in: the institution's, a unit's, a person's own."""

from typing import Any

from tests.nodes import Network, Office
from tests.services.steps import delivered, done, errors


async def inbox(office: Office, **narrowed: Any) -> set[str]:
    answer = await office.http.get("/referrals", params=narrowed)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


def living_in(office: Office, receiver: str, gmina: str) -> dict[str, Any]:
    person: dict[str, Any] = office.body(receiver)["client"]
    return person | {"address": {"town": "Myszków", "gmina": gmina}}


async def test_a_referral_goes_to_the_unit_that_the_sender_names_and_both_sides_see_it(network: Network) -> None:
    tychy, cis = network.office("ops-tychy"), network.office("cis-tychy")
    sent = await tychy.send("cis-tychy", unit="zawodowa")
    assert sent["unit"] == "zawodowa"
    assert (await cis.has(sent["id"]))["unit"] == "zawodowa"
    assert (await tychy.has(sent["id"], status="delivered"))["unit"] == "zawodowa"


async def test_without_a_name_it_goes_to_the_only_unit_or_the_one_of_the_gmina_or_to_nobody_in_particular(
    network: Network,
) -> None:
    myszkow = network.office("ops-myszkow")
    in_town = await myszkow.send("cis-myszkow")
    far = await myszkow.send("cis-myszkow", client=living_in(myszkow, "cis-myszkow", "2409053"))
    only = await network.office("ops-poraj").send("cis-poraj")
    open_ = await network.office("ops-tychy").send("cis-tychy")
    assert [sent["unit"] for sent in (in_town, far, only, open_)] == ["siedziba", "zarki", "rekrutacja", None]


async def test_a_draft_gets_its_unit_when_it_is_sent(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await poraj.send("cis-poraj", draft=True)
    assert draft["unit"] is None
    assert done(await poraj.act(draft["id"], "submit"))["unit"] == "rekrutacja"


async def test_the_inbox_of_a_unit_holds_what_is_its_own(network: Network) -> None:
    tychy, cis = network.office("ops-tychy"), network.office("cis-tychy")
    social = await delivered(tychy, "cis-tychy", unit="spoleczna")
    work = await delivered(tychy, "cis-tychy", unit="zawodowa")
    assert {social, work} <= await inbox(cis)
    assert {social, work} & await inbox(cis, unit="spoleczna") == {social}
    assert {social, work} & await inbox(cis, unit="spoleczna", status="accepted") == set()
    assert await inbox(cis, unit="nie_ma") == set()


async def test_a_person_s_own_is_what_is_in_their_unit_and_what_they_have_taken(network: Network) -> None:
    tychy = network.office("ops-tychy")
    worker = await network.person("cis-tychy", "CIS_SOCIAL_WORKER")  # of the unit "spoleczna"
    social = await delivered(tychy, "cis-tychy", unit="spoleczna")
    work = await delivered(tychy, "cis-tychy", unit="zawodowa")
    assert {social, work} & await inbox(worker, mine=True) == {social}
    done(await worker.act(work, "claim"))
    assert {social, work} <= await inbox(worker, mine=True)
    head = await network.person("cis-tychy", "CIS_HEAD")  # of the unit "zawodowa"
    assert {social, work} & await inbox(head, mine=True) == {work}


async def test_nobody_without_a_unit_has_what_nobody_took(network: Network) -> None:
    cis = network.office("cis-tychy")  # a token of the institution is in no unit
    open_ = await delivered(network.office("ops-tychy"), "cis-tychy")
    assert open_ not in await inbox(cis, mine=True)
    done(await cis.act(open_, "claim"))
    assert open_ in await inbox(cis, mine=True)


async def test_only_the_inbox_can_be_narrowed(network: Network) -> None:
    poraj = network.office("ops-poraj")
    params = {"box": "sent", "unit": "rekrutacja", "mine": "true"}
    assert errors(await poraj.http.get("/referrals", params=params)) == [("unit", "only_inbox"), ("mine", "only_inbox")]
    assert errors(await poraj.http.get("/referrals", params={"unit": "Dział \x00"})) == [("unit", "code_invalid")]
