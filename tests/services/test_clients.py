"""Clients: known from one form to the next, looked for, corrected; and told from others who resemble them."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.kit.pesel import training_pesel
from tests.nodes import TODAY, Network
from tests.services.database import rows
from tests.services.finding import client_of, nameless, pesel_of, search
from tests.services.steps import delivered, done, errors, refused


async def test_a_client_is_found_by_pesel_with_the_referral_that_is_open(network: Network) -> None:
    poraj = network.office("ops-poraj")
    sent = await poraj.send("cis-poraj")
    (found,) = await search(poraj, pesel=sent["client"]["pesel"])
    assert (found["why"], found["score"]) == (["same_pesel"], 100)
    assert [each["link"] for each in found["open_referrals"]] == [f"/api/v1/referrals/{sent['id']}"]
    client = done(await poraj.http.get(found["link"].removeprefix("/api/v1")))
    assert client["known"]["person"]["pesel"] == sent["client"]["pesel"]
    assert [each["id"] for each in client["referrals"]] == [sent["id"]]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({}, "same_name_and_birth_date"),
        ({"birth_date": "1980-11-02"}, "swapped_birth_date"),
        ({"family_name": "Całkiem-Inna"}, "changed_surname"),
        ({"given_name": "bozena"}, "same_name_and_birth_date"),
        ({"given_name": "Bozenna"}, "similar_name"),
    ],
)
async def test_somebody_without_pesel_is_found_however_they_are_spelled(
    network: Network, other: dict[str, str], why: str
) -> None:
    poraj = network.office("ops-poraj")
    person = nameless()
    await poraj.send("cis-poraj", client=person)
    found = await search(poraj, **(person | other))
    assert why in {
        reason for each in found if each["person"]["family_name"] == person["family_name"] for reason in each["why"]
    }


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ({}, ["given_name", "family_name", "birth_date"]),
        ({"family_name": "Nowak"}, ["given_name", "birth_date"]),
        ({"pesel": "4405"}, ["pesel"]),
    ],
)
async def test_a_search_says_what_it_needs(network: Network, wanted: dict[str, str], missing: list[str]) -> None:
    answer = await network.office("ops-poraj").http.post("/clients/search", json=wanted)
    assert [field for field, _ in errors(answer)] == missing


async def test_sending_names_possible_duplicates_and_is_not_stopped_by_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = nameless()
    first = await poraj.send("cis-poraj", client=person)
    assert person["family_name"] not in {
        done(await poraj.http.get(each["link"].removeprefix("/api/v1")))["known"]["person"]["family_name"]
        for each in first["possible_duplicates"]
    }
    second = await poraj.send("cis-poraj", client=person | {"given_name": "Bozenna"})
    known = await client_of(poraj, person)
    (found,) = (each for each in second["possible_duplicates"] if each["client_id"] == known["id"])
    assert (found["link"], found["why"]) == (f"/api/v1/clients/{known['id']}", ["similar_name"])
    assert second["path_id"] != first["path_id"]


async def test_two_different_pesels_are_never_a_possible_duplicate(network: Network) -> None:
    poraj = network.office("ops-poraj")
    family = nameless()["family_name"]
    twins = [
        {"given_name": "Bożena", "family_name": family, "pesel": training_pesel(TODAY.replace(year=1971), serial)}
        for serial in (2222, 2224)
    ]
    await poraj.send("cis-poraj", client=twins[0])
    other = await poraj.send("cis-poraj", client=twins[1])
    assert other["possible_duplicates"] == []


async def test_another_institution_s_clients_are_not_there(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    sent = await poraj.send("cis-poraj")
    assert await search(myszkow, pesel=sent["client"]["pesel"]) == []
    client = await client_of(poraj, sent["client"])
    assert (await myszkow.http.get(f"/clients/{client['id']}")).status_code == 404
    taken = await myszkow.http.put(f"/clients/{client['id']}", json=client["known"])
    assert taken.status_code == 404
    assert errors(await myszkow.create("cis-poraj", client=None, client_id=client["id"])) == [
        ("client_id", "client_unknown")
    ]


def _leaves(value: Any) -> int:
    """Single answers that somebody has to give."""
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) and value else 1


async def test_a_known_client_s_statutory_referral_needs_twelve_answers_at_most(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    body = poraj.body("cis-poraj")
    first = await delivered(poraj, "cis-poraj", **body)
    done(await cis.act(first, "decline", reason="no_place"))
    await poraj.has(first, status="declined")
    client = await client_of(poraj, body["client"])
    again = {name: value for name, value in body.items() if name not in ("client", "urgency", "case_mark")}
    again |= {"client_id": client["id"]}
    second = done(await poraj.http.post("/referrals", json=again), 201)
    assert _leaves(again) <= 12
    assert second["client"]["address"] == (await poraj.get(first) or {})["client"]["address"]
    assert second["client"]["pesel"] == body["client"]["pesel"]


async def test_what_stays_true_is_carried_over_and_what_belongs_to_one_hand_over_is_not(network: Network) -> None:
    poraj = network.office("ops-poraj")
    stays = {
        "background": {"education": 3, "occupation": "kucharz"},
        "accessibility": ["large_print"],
        "accessibility_needs": "Wejście bez schodów.",
        "household": [{"relation": "child", "given_name": "Staś"}],
    }
    once = {"expectations": "Warsztat kuchenny.", "situation": {"housing": "wynajem"}, "health": {"in_therapy": True}}
    body = poraj.body("pup-myszkow")
    body["client"] |= {"language": "uk", "representative": {"given_name": "A", "family_name": "B", "role": "attorney"}}
    await poraj.send("pup-myszkow", client=body["client"], **stays, **once)
    client = await client_of(poraj, body["client"])
    sent = await poraj.send("cis-poraj", client=None, client_id=client["id"], background={"education": 4})
    assert sent["client"]["background"]["education"] == 4
    assert sent["client"]["accessibility"] == ["large_print"]
    assert sent["client"]["accessibility_needs"] == "Wejście bez schodów."
    assert sent["client"]["household"][0]["given_name"] == "Staś"
    assert (sent["client"]["language"], sent["client"]["representative"]["role"]) == ("uk", "attorney")
    assert [sent["client"][name] for name in once] == [None, None, None]
    known = (await client_of(poraj, body["client"]))["known"]
    assert (known["background"]["education"], known["background"]["occupation"]) == (4, "kucharz")


async def test_the_newest_told_value_wins_and_nothing_is_lost_by_not_repeating_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = poraj.body("cis-poraj")["client"]
    await poraj.send("cis-poraj", client=person | {"email": "a@example.org", "phone": "111"})
    shorter = {name: person[name] for name in ("given_name", "pesel")} | {"family_name": "Nowsza", "phone": "222"}
    await poraj.send("pup-myszkow", client=shorter)
    client = await client_of(poraj, person)
    known = client["known"]["person"]
    assert [known[name] for name in ("family_name", "phone", "email")] == ["Nowsza", "222", "a@example.org"]
    assert known["address"]["town"] == person["address"]["town"]
    assert client["version"] == 2
    versions = "select version from intake.client_version where client_id = $1"
    assert [row["version"] for row in await rows(network, "ops", versions, client["id"])] == [1]


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"client_id": None, "client": None}, ("client", "missing")),
        ({"client_id": str(uuid4()), "client": None}, ("client_id", "client_unknown")),
        ({"client_id": str(uuid4())}, ("client_id", "client_told_twice")),
    ],
)
async def test_a_referral_names_its_person_once(network: Network, told: dict[str, Any], wrong: tuple[str, str]) -> None:
    assert errors(await network.office("ops-poraj").create("cis-poraj", **told)) == [wrong]


async def test_a_correction_is_found_from_now_on_and_changes_nothing_that_was_sent(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    sent = await poraj.send("cis-poraj")
    client = await client_of(poraj, sent["client"])
    right = pesel_of(poraj)
    known = client["known"] | {
        "person": client["known"]["person"] | {"pesel": right, "birth_date": None, "family_name": "Poprawiona"}
    }
    answer = await poraj.http.put(f"/clients/{client['id']}", json=known, headers={"If-Match": '"1"'})
    assert (done(answer)["version"], answer.headers["etag"]) == (2, '"2"')
    assert [each["client_id"] for each in await search(poraj, pesel=right)] == [client["id"]]
    assert await search(poraj, pesel=sent["client"]["pesel"]) == []
    await cis.has(sent["id"], status="delivered")
    for office in (poraj, cis):
        done(await cis.act(sent["id"], "claim")) if office is cis else None
        shown = (await office.get(sent["id"]) or {})["client"]
        assert (shown["pesel"], shown["family_name"]) == (sent["client"]["pesel"], sent["client"]["family_name"])
    stale = await poraj.http.put(f"/clients/{client['id']}", json=known, headers={"If-Match": '"1"'})
    assert refused(stale) == (412, "stale")
    assert refused(await poraj.create("cis-poraj", client=known["person"])) == (409, "already_open")


async def test_a_correction_to_somebody_else_s_pesel_is_refused_with_a_link_to_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    one, other = [await client_of(poraj, (await poraj.send("cis-poraj"))["client"]) for _ in range(2)]
    known = one["known"] | {
        "person": one["known"]["person"] | {"pesel": other["known"]["person"]["pesel"], "birth_date": None}
    }
    answer = await poraj.http.put(f"/clients/{one['id']}", json=known)
    assert refused(answer) == (409, "client_exists")
    assert answer.json()["link"] == f"/api/v1/clients/{other['id']}"
    assert done(await poraj.http.get(f"/clients/{one['id']}"))["known"] == one["known"]


async def test_a_correction_is_checked_like_a_form(network: Network) -> None:
    poraj = network.office("ops-poraj")
    client = await client_of(poraj, (await poraj.send("cis-poraj"))["client"])
    known = {
        "person": client["known"]["person"] | {"birth_date": "1901-01-01"},
        "household": [{"relation": "child", "client_id": str(uuid4()), "birth_date": "2199-01-01"}],
    }
    answer = await poraj.http.put(f"/clients/{client['id']}", json=known)
    assert sorted(errors(answer)) == [
        ("household.0.birth_date", "future_date"),
        ("household.0.client_id", "client_unknown"),
        ("person.birth_date", "pesel_birth_date"),
    ]


async def test_a_second_open_referral_of_the_same_kind_leads_to_the_first(network: Network) -> None:
    poraj = network.office("ops-poraj")
    sent = await poraj.send("cis-poraj", client=(person := poraj.body("cis-poraj")["client"]))
    answer = await poraj.create("cis-poraj", client=person)
    assert refused(answer) == (409, "already_open")
    assert answer.json()["link"] == f"/api/v1/referrals/{sent['id']}"
    assert (await poraj.http.get(answer.json()["link"].removeprefix("/api/v1"))).json()["id"] == sent["id"]


async def test_of_two_sent_at_once_the_second_is_led_to_the_first(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    answers = await asyncio.gather(*(poraj.http.post("/referrals", json=body) for _ in range(6)))
    (sent,) = (answer.json()["id"] for answer in answers if answer.status_code == 201)
    links = {answer.json()["link"] for answer in answers if answer.status_code == 409}
    assert links == {f"/api/v1/referrals/{sent}"}


async def test_clients_are_listed_newest_first(network: Network) -> None:
    tychy = network.office("ops-tychy")
    people = [(await tychy.send("cis-poraj"))["client"]["pesel"] for _ in range(3)]
    page = done(await tychy.http.get("/clients"))
    assert [item["person"]["pesel"] for item in page["items"][:3]] == people[::-1]


async def test_household_members_who_are_clients_lead_to_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    husband = await client_of(poraj, (await poraj.send("cis-poraj"))["client"])
    wife = await poraj.send("cis-poraj", household=[{"relation": "spouse", "client_id": husband["id"]}])
    assert (await client_of(poraj, wife["client"]))["household"] == [
        {"relation": "spouse", "client_id": husband["id"], "link": f"/api/v1/clients/{husband['id']}"}
    ]
