"""Clients: known from one form to the next, looked for, corrected; and told from others who resemble them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from rules.limits import limit
from rules.retention import period
from services.intake.naming import fill
from services.kit import retention
from services.kit.pesel import training_pesel
from tests.nodes import TODAY, Network, Office
from tests.services.apart import intake_apart
from tests.services.database import administrator, change, rows
from tests.services.steps import delivered, done, errors, refused

BORN = "1980-02-11"


def _pesel(office: Office) -> str:
    pesel: str = office.body("cis-poraj")["client"]["pesel"]
    return pesel


async def _search(office: Office, **wanted: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(await office.http.post("/clients/search", json=wanted))["items"]
    return items


async def _client(office: Office, person: dict[str, Any]) -> dict[str, Any]:
    """The client whom a referral of this person has made."""
    names = {name: person[name] for name in ("given_name", "family_name", "birth_date") if name in person}
    (found, *_) = await _search(office, **({"pesel": person["pesel"]} if person.get("pesel") else names))
    return done(await office.http.get(f"/clients/{found['client_id']}"))


def _nameless(**told: str) -> dict[str, Any]:
    """Somebody without PESEL whom no other test knows."""
    family = f"Próbna{uuid4().hex[:8]}".translate(str.maketrans("0123456789", "abcdefghij"))
    return {"given_name": "Bożena", "family_name": family, "birth_date": BORN, **told}


async def test_a_client_is_found_by_pesel_with_the_referral_that_is_open(network: Network) -> None:
    poraj = network.office("ops-poraj")
    sent = await poraj.send("cis-poraj")
    (found,) = await _search(poraj, pesel=sent["client"]["pesel"])
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
    person = _nameless()
    await poraj.send("cis-poraj", client=person)
    found = await _search(poraj, **(person | other))
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
    person = _nameless()
    first = await poraj.send("cis-poraj", client=person)
    assert person["family_name"] not in {
        done(await poraj.http.get(each["link"].removeprefix("/api/v1")))["known"]["person"]["family_name"]
        for each in first["possible_duplicates"]
    }
    second = await poraj.send("cis-poraj", client=person | {"given_name": "Bozenna"})
    known = await _client(poraj, person)
    (found,) = (each for each in second["possible_duplicates"] if each["client_id"] == known["id"])
    assert (found["link"], found["why"]) == (f"/api/v1/clients/{known['id']}", ["similar_name"])
    assert second["path_id"] != first["path_id"]


async def test_two_different_pesels_are_never_a_possible_duplicate(network: Network) -> None:
    poraj = network.office("ops-poraj")
    family = _nameless()["family_name"]
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
    assert await _search(myszkow, pesel=sent["client"]["pesel"]) == []
    client = await _client(poraj, sent["client"])
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
    client = await _client(poraj, body["client"])
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
    client = await _client(poraj, body["client"])
    sent = await poraj.send("cis-poraj", client=None, client_id=client["id"], background={"education": 4})
    assert sent["client"]["background"]["education"] == 4
    assert sent["client"]["accessibility"] == ["large_print"]
    assert sent["client"]["accessibility_needs"] == "Wejście bez schodów."
    assert sent["client"]["household"][0]["given_name"] == "Staś"
    assert (sent["client"]["language"], sent["client"]["representative"]["role"]) == ("uk", "attorney")
    assert [sent["client"][name] for name in once] == [None, None, None]
    known = (await _client(poraj, body["client"]))["known"]
    assert (known["background"]["education"], known["background"]["occupation"]) == (4, "kucharz")


async def test_the_newest_told_value_wins_and_nothing_is_lost_by_not_repeating_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = poraj.body("cis-poraj")["client"]
    await poraj.send("cis-poraj", client=person | {"email": "a@example.org", "phone": "111"})
    shorter = {name: person[name] for name in ("given_name", "pesel")} | {"family_name": "Nowsza", "phone": "222"}
    await poraj.send("pup-myszkow", client=shorter)
    client = await _client(poraj, person)
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
    client = await _client(poraj, sent["client"])
    right = _pesel(poraj)
    known = client["known"] | {
        "person": client["known"]["person"] | {"pesel": right, "birth_date": None, "family_name": "Poprawiona"}
    }
    answer = await poraj.http.put(f"/clients/{client['id']}", json=known, headers={"If-Match": '"1"'})
    assert (done(answer)["version"], answer.headers["etag"]) == (2, '"2"')
    assert [each["client_id"] for each in await _search(poraj, pesel=right)] == [client["id"]]
    assert await _search(poraj, pesel=sent["client"]["pesel"]) == []
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
    one, other = [await _client(poraj, (await poraj.send("cis-poraj"))["client"]) for _ in range(2)]
    known = one["known"] | {
        "person": one["known"]["person"] | {"pesel": other["known"]["person"]["pesel"], "birth_date": None}
    }
    answer = await poraj.http.put(f"/clients/{one['id']}", json=known)
    assert refused(answer) == (409, "client_exists")
    assert answer.json()["link"] == f"/api/v1/clients/{other['id']}"
    assert done(await poraj.http.get(f"/clients/{one['id']}"))["known"] == one["known"]


async def test_a_correction_is_checked_like_a_form(network: Network) -> None:
    poraj = network.office("ops-poraj")
    client = await _client(poraj, (await poraj.send("cis-poraj"))["client"])
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


async def _seen(network: Network, actor: str) -> list[tuple[str, UUID | None]]:
    """Whom this login has seen and how, and None for each search."""
    query = "select kind, client_id from intake.client_access where actor = $1 order by id"
    return [(row["kind"], row["client_id"]) for row in await rows(network, "ops", query, actor)]


async def test_who_searched_and_who_looked_is_on_record(network: Network) -> None:
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    sent = await network.office("ops-poraj").send("cis-poraj")
    (found,) = await _search(deputy, pesel=sent["client"]["pesel"])
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
    assert await _search(worker, name=f"Nikt{uuid4().hex}") == []
    (found,) = await _search(worker, pesel=sent[0]["client"]["pesel"])
    assert len(listed) >= len(sent)
    assert (await _seen(network, actor))[before:] == [
        *listed,
        ("search", None),
        ("search", None),
        ("found", UUID(found["client_id"])),
    ]


async def test_nobody_searches_without_end(network: Network) -> None:
    tychy, most = network.office("ops-tychy"), limit("client_searches_an_hour", TODAY)
    wanted = {"pesel": _pesel(tychy)}
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
        await _search(tychy, pesel=_pesel(tychy))
    noted = "select id from intake.client_access where actor = 'ops-tychy' order by id"
    *_, old, fresh = await rows(network, "ops", noted)
    past = f"update intake.client_access set at = now() - interval '{period('client_access', TODAY).days + 1} days'"
    await change(network, "ops", f"{past} where id = $1", old["id"])
    await retention.prune(network.bases["ops"].service("intake"), [retention.CLIENT_ACCESS])
    left = {row["id"] for row in await rows(network, "ops", "select id from intake.client_access")}
    assert (old["id"] in left, fresh["id"] in left) == (False, True)


async def test_household_members_who_are_clients_lead_to_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    husband = await _client(poraj, (await poraj.send("cis-poraj"))["client"])
    wife = await poraj.send("cis-poraj", household=[{"relation": "spouse", "client_id": husband["id"]}])
    assert (await _client(poraj, wife["client"]))["household"] == [
        {"relation": "spouse", "client_id": husband["id"], "link": f"/api/v1/clients/{husband['id']}"}
    ]


async def test_a_client_is_found_by_names_alone_in_any_order_and_with_an_error(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = _nameless()
    await tychy.send("cis-tychy", client=person)
    family = person["family_name"]
    for typed, why in (
        (f"{family} Bożena", "same_name"),
        ("bozena " + family.replace("Próbna", "Próna"), "similar_name"),
    ):
        (found,) = await _search(tychy, name=typed)
        assert (found["person"]["family_name"], found["why"]) == (family, [why])
    assert await _search(tychy, name=f"{family} Zenobia") == []
    assert await _search(tychy, name="- - -") == []
    assert await _search(network.office("ops-poraj"), name=family) == []


async def test_a_corrected_client_is_found_by_the_new_name_and_no_longer_by_the_old(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = _nameless()
    await tychy.send("cis-tychy", client=person)
    (found,) = await _search(tychy, name=person["family_name"])
    client = done(await tychy.http.get(f"/clients/{found['client_id']}"))
    client["known"]["person"]["family_name"] = new = _nameless()["family_name"]
    done(await tychy.http.put(f"/clients/{client['id']}", json=client["known"]))
    assert await _search(tychy, name=person["family_name"]) == []
    assert [each["client_id"] for each in await _search(tychy, name=new)] == [client["id"]]


async def test_clients_of_before_are_found_by_names_a_moment_after_the_start(network: Network) -> None:
    tychy = network.office("ops-tychy")
    person = _nameless()
    await tychy.send("cis-tychy", client=person)
    (found,) = await _search(tychy, name=person["family_name"])
    delete = "delete from intake.client_name where client_id = $1 returning key"
    assert await rows(network, "ops", delete, found["client_id"])
    await change(network, "ops", "update intake.client set named = false where id = $1", found["client_id"])
    assert await _search(tychy, name=person["family_name"]) == []
    await fill(intake_apart(network.bases["ops"]), "ops-tychy")
    assert len(await _search(tychy, name=person["family_name"])) == 1
