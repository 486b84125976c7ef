"""What a referral must hold before it is sent: each guard names its field, in the caller's language."""

from datetime import timedelta
from typing import Any

import pytest

from tests.nodes import TODAY, Network, Office
from tests.services.steps import errors

FUTURE = "2199-12-31"
POLISH, ENGLISH = {"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.8"}, {"Accept-Language": "en-GB,en;q=0.9,pl;q=0.8"}

OPINION = {
    "result": "positive",
    "interview_on": str(TODAY - timedelta(days=20)),
    "issued_on": str(TODAY - timedelta(days=14)),
}
CONSENT = {"given_on": str(TODAY), "version": "2026-1"}

Row = tuple[str, str, dict[str, Any], str, str, str, str]
ROWS: tuple[Row, ...] = (
    # sender, receiver, what differs from a good referral, field, code, words in Polish, words in English
    ("ops-poraj", "cis-nigdzie", {}, "receiver", "receiver_unknown", "Nie ma takiej instytucji", "no such institution"),
    ("ops-poraj", "ops-poraj", {}, "receiver", "receiver_is_sender", "do własnej instytucji", "refer to itself"),
    ("ops-poraj", "cis-poraj", {"kind": "service"}, "kind", "kind_not_allowed", "art. 12 ust. 1", "art. 12(1)"),
    ("cis-poraj", "pup-myszkow", {"kind": "kis"}, "kind", "kind_not_allowed", "nie może wystawić", "may not issue"),
    ("ops-poraj", "cis-poraj", {"grounds": []}, "grounds", "ground_required", "art. 1 ust. 2", "art. 1(2)"),
    ("ops-poraj", "cis-poraj", {"route": None}, "route", "route_required", "A, B lub C", "A, B or C"),
    ("ops-poraj", "cis-poraj", {"route": "C"}, "route", "route_c_only_pup", "Tryb C przysługuje PUP", "is the PUP's"),
    ("pup-myszkow", "cis-poraj", {"route": "A"}, "route", "pup_only_route_c", "tylko w trybie C", "route C only"),
    (
        "pup-myszkow",
        "cis-poraj",
        {"grounds": ["HOMELESS"]},
        "route",
        "route_c_only_pup",
        "długotrwale bezrobotnej",
        "long-term unemployed",
    ),
    ("ops-poraj", "cis-poraj", {"opinion": None}, "opinion", "opinion_required", "art. 12 ust. 2", "art. 12(2)"),
    (
        "ops-poraj",
        "cis-poraj",
        {"opinion": OPINION | {"result": "negative", "reasons": "Osoba ma już pracę."}},
        "opinion.result",
        "opinion_negative",
        "jest negatywna",
        "is negative",
    ),
    (
        "ops-poraj",
        "cis-poraj",
        {"opinion": OPINION | {"issued_on": FUTURE}},
        "opinion.issued_on",
        "future_date",
        "z przyszłości",
        "in the future",
    ),
    (
        "ops-poraj",
        "cis-poraj",
        {"opinion": OPINION | {"interview_on": FUTURE}},
        "opinion.interview_on",
        "future_date",
        "z przyszłości",
        "in the future",
    ),
    ("ops-poraj", "cis-poraj", {"route": "B"}, "consent", "consent_required", "art. 12 ust. 1", "art. 12(1)"),
    (
        "ops-poraj",
        "owes-jowes",
        {"consent": None},
        "consent",
        "consent_required",
        "zapisanej zgody",
        "recorded consent",
    ),
    (
        "ops-poraj",
        "owes-jowes",
        {"consent": CONSENT | {"given_on": FUTURE}},
        "consent.given_on",
        "future_date",
        "z przyszłości",
        "in the future",
    ),
    (
        "ops-poraj",
        "cis-poraj",
        {"general_clause": False},
        "general_clause",
        "general_clause_not_met",
        "art. 1 ust. 2",
        "art. 1(2)",
    ),
    (
        "ops-poraj",
        "cis-poraj",
        {"labour": {"benefits": ["old_age_pension"]}},
        "labour.benefits",
        "benefit_excludes",
        "emerytura (art. 1 ust. 3",
        "old-age pension (art. 1(3)",
    ),
    (
        "ops-poraj",
        "cis-tychy",
        {"paid_place": False},
        "client.address.gmina",
        "outside_territory",
        "art. 12 ust. 5",
        "art. 12(5)",
    ),
    ("ops-poraj", "cis-poraj", {"unit": "brak"}, "unit", "unit_unknown", "takiej jednostki", "no such unit"),
    (
        "ops-poraj",
        "cis-poraj",
        {"preferred_workshop": "stolarski"},
        "preferred_workshop",
        "workshop_unknown",
        "takiego warsztatu",
        "no such workshop",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[4]}-{row[0]}-{row[3]}" for row in ROWS])
async def test_a_guard_names_its_field_and_speaks_the_callers_language(network: Network, row: Row) -> None:
    sender, receiver, changes, field, code, polish, english = row
    office = network.office(sender)
    body = office.body("cis-poraj" if receiver == "cis-nigdzie" else receiver) | {"receiver": receiver} | changes
    for headers, words in ((POLISH, polish), (ENGLISH, english)):
        answer = await office.http.post("/referrals", json=body, headers=headers)
        assert errors(answer) == [(field, code)]
        assert words in answer.json()["errors"][0]["message"]


async def test_all_guards_that_fail_are_told_at_once_each_field_once(network: Network) -> None:
    poraj = network.office("ops-poraj")
    wrong: dict[str, Any] = {
        "client": {"given_name": "Próba", "family_name": "Próbna", "pesel": "44051401358"},
        "grounds": [],
        "route": None,
        "opinion": OPINION | {"result": "negative", "issued_on": FUTURE},
        "consent": CONSENT | {"given_on": FUTURE},
    }
    answer = await poraj.create("cis-poraj", **wrong)
    assert sorted(errors(answer)) == [
        ("client.pesel", "pesel_invalid"),
        ("consent.given_on", "future_date"),
        ("grounds", "ground_required"),
        ("opinion.issued_on", "future_date"),
        ("opinion.reasons", "opinion_reasons_required"),
        ("opinion.result", "opinion_negative"),
        ("route", "route_required"),
    ]


async def test_what_was_refused_is_neither_saved_nor_in_the_way_of_the_corrected_one(network: Network) -> None:
    strzelce = network.office("ops-strzelce")
    body = strzelce.body("cis-poraj")

    async def sent() -> list[str]:
        answer = await strzelce.http.get("/referrals", params={"box": "sent"})
        return [item["id"] for item in answer.json()["items"]]

    before = await sent()
    assert (await strzelce.http.post("/referrals", json=body | {"grounds": []})).status_code == 422
    assert await sent() == before
    assert (await strzelce.http.post("/referrals", json=body)).status_code == 201


async def test_a_labour_office_may_refer_without_an_opinion(network: Network) -> None:
    sent = await network.office("pup-myszkow").send("cis-poraj", opinion=None)
    assert (sent["kind"], sent["status"]) == ("statutory_cis", "submitted")


async def test_a_third_party_s_application_goes_with_the_person_s_consent(network: Network) -> None:
    sent = await network.office("ops-poraj").send("cis-poraj", route="B", consent=CONSENT)
    assert sent["status"] == "submitted"


async def test_conditions_in_the_opinion_do_not_stop_a_referral(network: Network) -> None:
    opinion = OPINION | {"result": "with_conditions", "conditions": "Praca bez dźwigania.", "reasons": "Stan zdrowia."}
    assert (await network.office("ops-poraj").create("cis-poraj", opinion=opinion)).status_code == 201


def _person(office: Office, **changes: Any) -> dict[str, Any]:
    person: dict[str, Any] = office.body("cis-poraj")["client"] | changes
    return person


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"pesel": "44051401358"}, "client.pesel", "pesel_invalid"),  # check digit
        ({"pesel": "4405140135"}, "client.pesel", "pesel_invalid"),  # too short
        ({"pesel": "44991401359"}, "client.pesel", "pesel_invalid"),  # no such month
        ({"pesel": "99693112345"}, "client.pesel", "pesel_invalid"),  # no such day
        ({"pesel": "abcdefghijk"}, "client.pesel", "pesel_invalid"),
        ({"pesel": "44²²1401359"}, "client.pesel", "pesel_invalid"),  # digits to some, not to others
        ({"pesel": "٤٤٠٥١٤٠١٣٥٩"}, "client.pesel", "pesel_invalid"),
        ({"pesel": ""}, "client.pesel", "pesel_invalid"),
        ({"pesel": "02451512345"}, "client.pesel", "future_date"),  # born 2102
        ({"pesel": None}, "client.birth_date", "birth_date_required"),
        ({"pesel": None, "birth_date": FUTURE}, "client.birth_date", "future_date"),
        ({"birth_date": "1901-01-01"}, "client.birth_date", "pesel_birth_date"),
    ],
)
async def test_a_person_must_be_known_for_sure(
    network: Network, changes: dict[str, Any], field: str, code: str
) -> None:
    poraj = network.office("ops-poraj")
    person = _person(poraj, **changes)
    answer = await poraj.create("cis-poraj", client=person)
    assert errors(answer) == [(field, code)]
    if person["pesel"]:
        assert person["pesel"] not in answer.text


async def test_a_pesel_tells_birth_date_and_sex(network: Network) -> None:
    poraj = network.office("ops-poraj")
    sent = await poraj.send("cis-poraj", client=_person(poraj, pesel="85-6311 00011"))
    assert (sent["client"]["pesel"], sent["client"]["birth_date"], sent["client"]["sex"]) == (
        "85631100011",
        "1985-03-11",
        "male",
    )


async def test_a_person_without_a_pesel_is_referred_by_birth_date(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = _person(poraj, pesel=None, birth_date="1980-02-29", family_name=f"Próbna-{TODAY:%j}")
    assert (await poraj.create("cis-poraj", client=person)).status_code == 201


async def test_without_a_pesel_a_person_is_known_again_by_names_and_birth_date_however_spelled(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    person = _person(poraj, pesel=None, birth_date="1979-05-06", given_name="Łucja", family_name="Wójcik")
    assert (await poraj.create("cis-poraj", client=person)).status_code == 201
    again = person | {"given_name": " LUCJA", "family_name": "wojcik "}
    assert (await poraj.create("cis-poraj", client=again)).status_code == 409
    twin = again | {"birth_date": "1979-05-07"}
    assert (await poraj.create("cis-poraj", client=twin)).status_code == 201


async def test_outside_training_a_training_pesel_is_refused(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with network.without_training("ops-poraj") as real:
        body = poraj.body("cis-poraj")
        answer = await real.http.post("/referrals", json=body)
        assert errors(answer) == [("client.pesel", "pesel_training")]
        assert body["client"]["pesel"] not in answer.text
        by_birth_date = {"pesel": None, "birth_date": "1981-04-05"}
        assert (await real.create("cis-poraj", client=_person(poraj, **by_birth_date))).status_code == 201
