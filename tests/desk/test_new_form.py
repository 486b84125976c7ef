"""The form of a referral as text: what it asks for, what was typed, and nothing lost in between."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.api import NewReferral, ProblemField
from services.desk.new.editor import About
from services.desk.new.looking import Sought, sought
from services.desk.new.merging import lost_by
from services.desk.new.objections import objections
from services.desk.new.people import born
from services.desk.new.shape import shape
from services.desk.new.table import FIELDS, GROUPS, ROWS
from services.desk.new.values import Values, body_of, values_of
from services.desk.typed_days import day_in, told, typed
from services.edge.example_forms import DIRECT, REFERRAL, SUPPORT

FULL: dict[str, Any] = {
    **REFERRAL,
    "household": [{"relation": "child", "given_name": "Łucja", "birth_date": "2015-02-01"}],
    "ground_documents": [{"ground": "DISABLED", "type": "orzeczenie", "issued_on": "2024-05-06"}],
    "health": {"disability_degree": "light", "disability_symbols": ["05-R", "02-P"], "in_therapy": False},
    "background": {"education": 3, "driving_licences": ["B", "C"], "last_job_ended_on": "2024-01-31"},
    "accessibility": ["large_print", "diet"],
    "paid_place": True,
    "consent": {"given_on": "2026-01-16", "version": "2026-1"},
}


def about(**changes: Any) -> About:
    usual: dict[str, Any] = {"sender": "ops", "receiver": "cis", "kind": "statutory_cis"}
    flags = {"known": True, "born": False, "gmina_known": True, "applies": False}
    return About(**{**usual, **flags, **changes})


@pytest.mark.parametrize("text", ["3.12.2026", "03.12.2026", "3-12-2026", "03122026", "2026-12-03", "3. 12. 2026 r."])
def test_a_day_is_read_however_it_is_typed(text: str) -> None:
    assert day_in(text) == date(2026, 12, 3)
    assert (told(text), typed(told(text))) == ("2026-12-03", "3.12.2026")


@pytest.mark.parametrize("text", ["31.02.2026", "3.12", "wczoraj", ""])
def test_what_is_no_day_stays_as_it_was_typed(text: str) -> None:
    assert (day_in(text), told(text), typed(text)) == (None, text, text)


@pytest.mark.parametrize("form", [FULL, REFERRAL, DIRECT, SUPPORT])
def test_a_form_shown_and_sent_back_is_the_same_form(form: dict[str, Any]) -> None:
    assert body_of(values_of(form).fields) == form


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(min_size=1).filter(str.strip)))
def test_whatever_is_typed_is_shown_again(fields: dict[str, str]) -> None:
    asked = {name: text for name, text in fields.items() if FIELDS[name].ask in ("line", "text", "radios", "receiver")}
    shown = values_of(body_of({name: [text] for name, text in asked.items()}))
    assert {name: shown.one(name) for name in asked} == {name: text.strip() for name, text in asked.items()}


def test_none_of_the_benefits_is_an_answer_and_nothing_ticked_is_none() -> None:
    assert body_of({"labour.benefits": ["none"], "client_id": ["x"]})["labour"] == {"benefits": []}
    assert "labour" not in body_of({"client_id": ["x"]})


def test_every_part_of_the_form_that_people_fill_in_has_its_field_and_its_group() -> None:
    told = {name.partition(".")[0] for name in FIELDS} | set(ROWS)
    assert set(NewReferral.model_fields) - told == {"client_id", "path_id", "follows", "draft", "attachments"}
    grouped = [name for group in GROUPS for name in group.fields]
    assert sorted(grouped) == sorted({*FIELDS, *ROWS} - {"receiver"})


@pytest.mark.parametrize(
    ("sender", "receiver", "kind"),
    [
        ("ops", "cis", "statutory_cis"),
        ("pup", "cis", "statutory_cis"),
        ("ops", "kis", "kis"),
        ("ops", "owes", "service"),
        ("cis", "pup", "service"),
    ],
)
def test_for_somebody_known_a_page_asks_for_at_most_eleven_things(sender: str, receiver: str, kind: str) -> None:
    form = shape(about(sender=sender, receiver=receiver, kind=kind), Values({}))
    assert form.person == ()
    assert len(form.main) <= 11  # with the search before it: twelve


def test_for_somebody_new_all_pages_ask_for_at_most_twenty_things() -> None:
    form = shape(about(known=False), Values({}))
    assert len(form.person) + len(form.main) <= 19


def test_every_field_is_asked_for_exactly_once() -> None:
    form = shape(about(known=False), Values({"grounds": ["OTHER"], "opinion.result": ["negative"]}))
    rest = [name for group in form.more for name in group.fields]
    every = [*form.person, *form.main, *rest]
    assert len(every) == len(set(every))
    assert set(every) == {*FIELDS, *ROWS} - {"kind"}


def test_an_answer_that_leads_to_a_question_brings_it() -> None:
    values = Values({"grounds": ["OTHER"], "opinion.result": ["with_conditions"], "route": ["B"]})
    main = shape(about(), values).main
    assert {"other_ground", "opinion.conditions", "opinion.reasons", "consent.given_on"} <= set(main)
    assert not {"other_ground", "opinion.conditions", "consent.given_on"} & set(shape(about(), Values({})).main)


def test_a_pesel_tells_birth_date_and_sex_so_that_they_are_not_asked_for() -> None:
    read = born(Values({"client.pesel": ["84651741202"]}), training=True)
    assert read is not None
    assert (read.birth_date, read.sex) == (date(1984, 5, 17), "female")
    person = shape(about(known=False, born=True), Values({})).person
    assert not {"client.birth_date", "client.sex"} & set(person)


def test_a_date_typed_beside_a_pesel_of_another_day_stays_to_be_looked_at() -> None:
    values = Values({"client.pesel": ["84651741202"], "client.birth_date": ["18.05.1984"]})
    assert born(values, training=True) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("84651741202", Sought(pesel="84651741202")),
        ("846517 41202", Sought(pesel="84651741202")),
        ("8465", Sought(pesel="8465")),
        ("Anna Nowak 17.05.1984", Sought(None, "Anna", "Nowak", date(1984, 5, 17))),
        ("17.05.1984 Anna Nowak-Kowalska", Sought(None, "Anna", "Nowak-Kowalska", date(1984, 5, 17))),
        ("Nowak", Sought(None, "Nowak", None, None)),
        ("", Sought()),
    ],
)
def test_one_field_is_a_pesel_or_names_with_a_date(text: str, meant: Sought) -> None:
    assert sought(text) == meant


def test_a_text_that_was_typed_further_takes_nothing_away() -> None:
    kept, mine = ({"reason": ["Chce wró"]}, {"reason": ["Chce wrócić do pracy"], "grounds": ["DISABLED", "OTHER"]})
    assert lost_by(Values({"reason": ["Chce"]}), Values(mine), Values({**kept, "grounds": ["OTHER"]})) == []


def test_what_another_device_told_is_not_taken_away_unseen() -> None:
    kept = Values({"reason": ["Prosi o pomoc"], "client.phone": ["+48 1"], "grounds": ["OTHER"]})
    mine = Values({"reason": ["Chce wrócić do pracy"], "grounds": ["DISABLED"]})
    assert lost_by(Values({}), mine, kept) == ["reason", "client.phone", "grounds"]


def test_what_another_device_shortened_cleared_or_took_off_does_not_come_back_unseen() -> None:
    base = Values({"reason": ["Chce wrócić"], "client.phone": ["+48 1"], "attachments": ["a", "b"], "unit": ["x"]})
    kept = Values({"reason": ["Chce"], "attachments": ["a"], "unit": ["x"]})
    mine = Values({**base.fields, "unit": ["y"]})
    assert lost_by(base, mine, kept) == ["reason", "attachments", "client.phone"]
    assert lost_by(base, Values({**base.fields, "reason": ["Chce wrócić do pracy"]}), kept)[0] == "reason"


def test_what_only_this_page_changed_is_no_clash() -> None:
    base = Values({"reason": ["Chce wrócić"], "client.phone": ["+48 1"]})
    mine = Values({"reason": ["Chce"], "client.phone": ["+48 2"]})
    assert lost_by(base, mine, Values({**base.fields, "client.phone": ["+48 2"]})) == []


def test_what_is_wrong_and_what_is_only_missing_are_told_apart() -> None:
    found = [
        ProblemField(field="client.pesel", code="pesel_invalid", message="zły"),
        ProblemField(field="grounds.1", code="literal_error", message="nie ma takiej"),
        ProblemField(field="consent", code="consent_required", message="potrzebna zgoda"),
        ProblemField(field="reason", code="missing", message="wymagane"),
    ]
    seen = objections(found, Values({"client.pesel": ["4"], "grounds": ["HOMELESS", "X"]}))
    assert seen.wrong == {"client.pesel": "zły", "grounds": "nie ma takiej"}
    assert [(lack.field, lack.why) for lack in seen.missing] == [
        ("consent.given_on", "potrzebna zgoda"),
        ("reason", None),
    ]


def test_names_without_a_date_are_looked_for_by_themselves_and_begin_a_form_apart() -> None:
    meant = sought("Anna Nowak-Kowalska")
    assert meant.body() == {"name": "Anna Nowak-Kowalska"}
    assert meant.person() == {"given_name": "Anna", "family_name": "Nowak-Kowalska"}
    assert sought("").body() == {}
