"""To whom a form may go, before it is finished: the same conditions as at sending, told of every institution."""

from typing import Any

from services.kit.collation import in_order
from tests.nodes import Network, Office
from tests.services.steps import delivered, done, errors

FROM_PORAJ = {
    "client": {
        "given_name": "Żaneta",
        "family_name": "Próbna",
        "birth_date": "1980-03-12",
        "address": {"town": "Poraj"},
    }
}


async def asked(office: Office, /, **form: Any) -> dict[str, dict[str, Any]]:
    answer = done(await office.http.post("/referrals/receivers", json=form))
    return {each["slug"]: each for each in answer["items"]}


def codes(problems: list[dict[str, str]]) -> set[str]:
    return {each["code"] for each in problems}


async def test_a_centre_of_another_county_may_not_take_the_person_and_the_article_says_why(network: Network) -> None:
    found = await asked(network.office("ops-poraj"), **FROM_PORAJ)
    (why,) = found["cis-tychy"]["against"]
    assert (found["cis-tychy"]["eligible"], why["code"], why["field"]) == (
        False,
        "outside_territory",
        "client.address.gmina",
    )
    assert "art. 12 ust. 5" in why["message"]
    assert (found["cis-poraj"]["eligible"], found["cis-poraj"]["territory"]) == (True, "served")
    assert found["cis-myszkow"]["territory"] == "agreement"


async def test_what_is_not_told_yet_speaks_against_nobody(network: Network) -> None:
    centre = (await asked(network.office("ops-poraj"), **FROM_PORAJ))["cis-poraj"]
    assert centre["eligible"]
    assert {"ground_required", "general_clause_required", "opinion_required"} <= codes(centre["missing"])


async def test_those_to_whom_it_may_go_come_first_in_the_order_of_the_alphabet(network: Network) -> None:
    answer = done(await network.office("ops-poraj").http.post("/referrals/receivers", json=FROM_PORAJ))
    names = [(not each["eligible"], in_order(each["name"])) for each in answer["items"]]
    assert names == sorted(names)
    assert {each["slug"] for each in answer["items"]} == set(network.credentials) - {"ops-poraj"}


async def test_a_benefit_shuts_out_of_a_centre_but_not_of_a_club_where_the_law_says_so(network: Network) -> None:
    form = {"labour": {"benefits": ["incapacity_pension"]}}
    found = await asked(network.office("ops-zdunska-wola"), **form)
    assert codes(found["cis-tychy"]["against"]) >= {"benefit_excludes"}
    assert found["kis-zdunska-wola"]["eligible"]


async def test_places_units_and_kinds_are_those_of_the_directory(network: Network) -> None:
    centre = (await asked(network.office("ops-poraj"), **FROM_PORAJ))["cis-poraj"]
    assert [(each["code"], each["places"]) for each in centre["workshops"]] == [("opiekunczy", 10), ("porzadkowy", 15)]
    assert centre["workshops"][0]["editions"][0]["starts_on"] == "2026-09-01"
    assert [unit["code"] for unit in centre["units"]] == ["rekrutacja"]
    assert centre["sends"] == ["statutory_cis"]


async def test_an_application_is_judged_as_one_where_it_may_be_sent(network: Network) -> None:
    found = await asked(network.office("kis-zdunska-wola"), kind="application")
    assert found["ops-zdunska-wola"]["judged_as"] == "application"
    assert codes(found["ops-zdunska-wola"]["missing"]) == {"consent_required"}
    assert found["pup-zdunska-wola"]["judged_as"] == "service"


async def test_an_open_referral_of_the_person_stands_in_the_way_and_is_linked(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    sent = await delivered(poraj, "cis-poraj", **body)
    found = await asked(poraj, client=body["client"])
    assert "already_open" in codes(found["cis-poraj"]["against"])
    assert found["cis-poraj"]["link"] == f"/api/v1/referrals/{sent}"
    assert found["owes-jowes"]["link"] is None


async def test_what_is_chosen_at_one_receiver_says_nothing_about_another(network: Network) -> None:
    form = {**FROM_PORAJ, "receiver": "cis-poraj", "unit": "nie_ma", "preferred_workshop": "nie_ma"}
    found = await asked(network.office("ops-poraj"), **form)
    assert found["cis-myszkow"]["eligible"]
    assert found["cis-poraj"]["eligible"]


async def test_a_form_of_nonsense_is_judged_as_far_as_it_can_be_read(network: Network) -> None:
    poraj = network.office("ops-poraj")
    found = await asked(poraj, client="?", grounds=7, colour="zielony")
    assert found["owes-jowes"]["judged_as"] == "service"
    deep: Any = {}
    for _ in range(30):
        deep = {"client": deep}
    assert errors(await poraj.http.post("/referrals/receivers", json=deep))[0][1] == "too_deep"


async def test_the_form_of_a_sent_referral_begins_another_one(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    sent = await delivered(poraj, "cis-poraj", **body)
    form = done(await poraj.http.get(f"/referrals/{sent}/form"))
    assert (form["reason"], form["grounds"], form["opinion"]["result"]) == (
        body["reason"],
        body["grounds"],
        body["opinion"]["result"],
    )
    assert "client" not in form
    client = done(await poraj.http.get(f"/clients/{form['client_id']}"))
    assert client["known"]["person"]["pesel"] == body["client"]["pesel"]
    stranger = await network.office("ops-tychy").http.get(f"/referrals/{sent}/form")
    assert stranger.status_code == 404
