"""The form of a referral: all of it goes through, and what cannot be is told at once."""

from typing import Any
from uuid import uuid4

import pytest

from tests.nodes import Network
from tests.services.steps import delivered, done, errors

FUTURE = "2199-01-01"
FULL: dict[str, Any] = {
    "other_ground": "Opuszczenie pieczy zastępczej",
    "ground_documents": [
        {"ground": "HOMELESS", "type": "Program wychodzenia z bezdomności", "issued_on": "2026-01-02"}
    ],
    "health": {"disability_degree": "light", "disability_symbols": ["05-R"], "in_therapy": False},
    "background": {
        "education": 3,
        "occupation": "kucharz",
        "driving_licences": ["B"],
        "last_job_ended_on": "2024-05-31",
    },
    "situation": {"family": "sam", "housing": "schronisko", "debts": "komornik"},
    "household": [{"relation": "child", "given_name": "Staś", "birth_date": "2019-01-02"}],
    "expectations": "Praca w kuchni.",
    "availability": "Po 9:00",
    "accessibility": ["large_print", "diet"],
    "accessibility_needs": "Wejście bez schodów.",
    "case_mark": "OPS.5020.17.2026",
}
PERSON: dict[str, Any] = {
    "previous_family_name": "Dawna",
    "document": {"type": "identity_card", "number": "ABC123456", "country": "PL"},
    "citizenship": "PL",
    "email": "osoba@example.org",
    "preferred_contact": "sms",
    "language": "pl",
    "representative": {"given_name": "Jan", "family_name": "Opiekun", "role": "statutory", "phone": "+48 000"},
}


def _within(part: Any, whole: Any) -> bool:
    """Whether everything told stands there too."""
    if isinstance(part, dict):
        return all(_within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(_within, part, whole))
    return bool(part == whole)


async def test_the_sender_sees_every_part_of_the_form_and_the_centre_all_that_the_matrix_lets_through(
    network: Network,
) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    body = poraj.body("cis-poraj")
    told = FULL | {"grounds": ["HOMELESS", "OTHER"]}
    referral = await delivered(poraj, "cis-poraj", client=body["client"] | PERSON, **told)
    mine = (await poraj.get(referral) or {})["client"]
    assert _within({**told, **PERSON}, mine)
    theirs = done(await cis.act(referral, "claim"))["client"]
    assert _within({name: value for name, value in {**told, **PERSON}.items() if name != "household"}, theirs)
    assert theirs["household"] is None


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"labour": {"registered_on": FUTURE, "benefits": []}}, ("labour.registered_on", "future_date")),
        ({"background": {"last_job_ended_on": FUTURE}}, ("background.last_job_ended_on", "future_date")),
        ({"household": [{"relation": "child", "birth_date": FUTURE}]}, ("household.0.birth_date", "future_date")),
        (
            {"household": [{"relation": "child", "client_id": str(uuid4())}]},
            ("household.0.client_id", "client_unknown"),
        ),
        (
            {"ground_documents": [{"ground": "DISABLED", "type": "Orzeczenie", "issued_on": FUTURE}]},
            ("ground_documents.0.issued_on", "future_date"),
        ),
        (
            {
                "ground_documents": [
                    {"ground": "DISABLED", "type": "O", "issued_on": "2026-02-01", "valid_to": "2026-01-01"}
                ]
            },
            ("ground_documents.0.valid_to", "ends_before_it_begins"),
        ),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(
    network: Network, changes: dict[str, Any], wrong: tuple[str, str]
) -> None:
    assert errors(await network.office("ops-poraj").create("cis-poraj", **changes)) == [wrong]


async def test_values_that_are_none_and_what_the_law_asks_for_are_told_together(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = poraj.body("cis-poraj")["client"]
    answer = await poraj.create(
        "cis-poraj",
        client=person | {"email": "nobody", "pesel": "44051401358"},
        urgency="soon",
        opinion=None,
        grounds=["HOMELESS", "POOR"],
        path_id=str(uuid4()),
        household=[{"relation": "neighbour", "birth_date": FUTURE}],
    )
    assert sorted(errors(answer)) == [
        ("client.email", "email_invalid"),
        ("client.pesel", "pesel_invalid"),
        ("grounds.1", "literal_error"),
        ("household.0.relation", "literal_error"),
        ("opinion", "opinion_required"),
        ("path_id", "path_unknown"),
        ("urgency", "literal_error"),
    ]


async def test_a_person_without_pesel_needs_no_document(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = {"given_name": "Bożena", "family_name": f"Bez{uuid4().hex}", "birth_date": "1975-01-01"}
    assert (await poraj.create("pup-myszkow", client=person)).status_code == 201
