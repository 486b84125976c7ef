"""Who leads the case, and what the receiver may know of the person at each step."""

from typing import Any

import pytest

from rules.sharing import PREVIEW
from tests.nodes import Network
from tests.services.steps import delivered, done

PERSON = {
    "given_name": "Żaneta",
    "family_name": "Próbna",
    "pesel": "85631100011",
    "phone": "+48 000 000 000",
    "email": "probna@example.org",
    "address": {"street": "Szkoleniowa 1", "postal_code": "00-000", "town": "Poraj"},
}
MORE: dict[str, Any] = {
    "reason": "Osoba chce wrócić do pracy.",
    "expectations": "Praca blisko domu.",
    "accessibility_needs": "Winda.",
    "grounds": ["HOMELESS", "LONG_TERM_UNEMPLOYED"],
    "opinion": {
        "result": "with_conditions",
        "interview_on": "2026-05-01",
        "issued_on": "2026-05-02",
        "conditions": "Bez dźwigania.",
        "reasons": "Stan zdrowia.",
    },
}
STATUTORY = {"general_clause", "labour"}
"""What only a statutory referral must tell besides."""

TOWN_ONLY = {"street": None, "postal_code": None, "town": "Poraj", "gmina": None, "basis": "residence"}
CONSENT = {"given_on": "2026-05-01", "version": "2026-1"}
FULL = {"given_name", "family_name", "birth_date", "sex", "pesel", "phone", "email", "address"} | MORE.keys()

CHANNELS: list[tuple[str, str, dict[str, Any], set[str]]] = [
    # sender, receiver, other fields of the referral, fields of the dossier the receiver may know
    ("ops-strzelce", "cis-poraj", {"route": "A"}, FULL | STATUTORY),
    ("ops-strzelce", "pup-strzelce", {}, FULL - {"opinion"} | {"opinion_result"}),
    ("ops-strzelce", "kis-zdunska-wola", {}, FULL - {"opinion"} | {"opinion_result"}),
    (
        "ops-strzelce",
        "owes-jowes",
        {"consent": CONSENT},
        FULL - {"pesel", "grounds", "opinion"} | {"person_at_risk"},
    ),
    ("cis-tychy", "ops-tychy", {}, FULL),
    ("pup-tychy", "ops-tychy", {}, FULL),
]


def _told(dossier: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dossier.items() if value is not None}


def _referral(serial: int) -> dict[str, Any]:
    """All that a referral can hold, of a person of its own."""
    return MORE | {"client": PERSON | {"family_name": f"Próbna-{serial}", "pesel": None, "birth_date": "1985-03-11"}}


@pytest.mark.parametrize("number", range(len(CHANNELS)), ids=[f"{row[0]}-{row[1]}" for row in CHANNELS])
async def test_the_receiver_sees_a_preview_before_the_claim_and_the_matrix_after_it(
    network: Network, number: int
) -> None:
    sender, receiver, other, fields = CHANNELS[number]
    body = MORE | {"client": PERSON} | other
    referral = await delivered(network.office(sender), receiver, **body)
    office = network.office(receiver)
    before = _told(done(await office.http.get(f"/referrals/{referral}"))["client"])
    assert before.keys() <= PREVIEW
    assert before["address"] == TOWN_ONLY
    after = _told(done(await office.act(referral, "claim"))["client"])
    assert after.keys() == fields
    if receiver.startswith("pup"):
        assert after["grounds"] == ["LONG_TERM_UNEMPLOYED"]
    if "opinion_result" in fields:
        assert after["opinion_result"] == "with_conditions"
    assert _told(done(await office.act(referral, "release"))["client"]) == before


@pytest.mark.parametrize("number", range(len(CHANNELS)), ids=[f"{row[0]}-{row[1]}" for row in CHANNELS])
async def test_the_sender_sees_all_it_wrote_whatever_the_receiver_may_know(network: Network, number: int) -> None:
    sender, receiver, other, fields = CHANNELS[number]
    office = network.office(sender)
    sent = await office.send(receiver, draft=True, **(_referral(number) | other))
    shown = done(await office.http.get(f"/referrals/{sent['id']}"))["client"]
    assert _told(shown).keys() == (FULL | (fields & STATUTORY) | (other.keys() & {"consent"})) - {"pesel", "sex"}
    assert shown["opinion"]["reasons"] == "Stan zdrowia."


async def test_a_preview_tells_neither_who_the_person_is_nor_why_they_are_entitled(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj", **_referral(100))
    listed = (await cis.http.get("/referrals")).json()["items"]
    (shown,) = (item["client"] for item in listed if item["id"] == referral)
    assert _told(shown) == {
        "address": TOWN_ONLY,
        "opinion_result": "with_conditions",
    }


@pytest.mark.parametrize("action", ["claim", "accept"])
async def test_whoever_takes_the_referral_on_sees_the_dossier(network: Network, action: str) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj", **_referral(101 + len(action)))
    assert done(await cis.act(referral, action))["client"]["given_name"] == "Żaneta"


async def test_a_refusal_from_the_inbox_opens_no_dossier(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj", **_referral(110))
    declined = done(await cis.act(referral, "decline", reason="no_place"))
    assert _told(declined["client"]).keys() <= PREVIEW


@pytest.mark.parametrize(
    ("sender", "receiver", "kind", "custodian"),
    [
        ("ops-poraj", "cis-poraj", "statutory_cis", "ops-poraj"),
        ("pup-myszkow", "cis-poraj", "statutory_cis", "pup-myszkow"),
        ("ops-zdunska-wola", "kis-zdunska-wola", "kis", "ops-zdunska-wola"),
        ("ops-poraj", "pup-myszkow", "service", "pup-myszkow"),
        ("cis-poraj", "owes-jowes", "service", "owes-jowes"),
        ("pup-myszkow", "kis-zdunska-wola", "service", "kis-zdunska-wola"),
        ("ops-poraj", "ops-myszkow", "service", "ops-myszkow"),
    ],
)
async def test_acceptance_moves_the_case_only_where_no_act_says_otherwise(
    network: Network, sender: str, receiver: str, kind: str, custodian: str
) -> None:
    office, other = network.office(sender), network.office(receiver)
    referral = await delivered(office, receiver)
    before = done(await other.http.get(f"/referrals/{referral}"))
    assert (before["kind"], before["custodian"]) == (kind, sender)
    accepted = done(await other.act(referral, "accept"))
    known = await office.has(referral, status="accepted")
    assert (accepted["custodian"], known["custodian"]) == (custodian, custodian)


@pytest.mark.parametrize(("sender", "receiver"), [("ops-poraj", "pup-myszkow"), ("ops-poraj", "cis-poraj")])
async def test_a_refusal_leaves_the_case_with_the_sender(network: Network, sender: str, receiver: str) -> None:
    office, other = network.office(sender), network.office(receiver)
    referral = await delivered(office, receiver)
    declined = done(await other.act(referral, "decline", reason="no_place"))
    known = await office.has(referral, status="declined")
    assert (declined["custodian"], known["custodian"]) == (sender, sender)
