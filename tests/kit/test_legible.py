"""What can be read of a message that could not be handled: something or nothing, and never an error."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.causes import ALARMS, cause_in, code_of
from services.kit.legible import Legible
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import DIRECTORY

SUBJECT = "ev.ops.cis.intake.referral_submitted"
EVENT = submitted()
HEADERS = envelope(EVENT).headers()


def receiver(event: object) -> str | None:
    return event.receiver  # type: ignore[attr-defined, no-any-return]


def concerned(content: bytes) -> str | None:
    return Legible(SUBJECT, HEADERS, content).concerns(receiver, DIRECTORY)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
bodies = st.binary() | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("referral_id", "path_id", "receiver"), anything)
).map(lambda fields: json.dumps(fields).encode())


@given(headers=st.dictionaries(st.sampled_from(sorted(HEADERS)), st.text()), content=bodies)
def test_no_header_and_no_body_can_break_the_reading(headers: dict[str, str], content: bytes) -> None:
    for legible in (Legible(SUBJECT, headers, content), Legible(SUBJECT, HEADERS, content)):
        assert (legible.event, legible.address) == (None, ("ops", "cis", "intake"))
        assert legible.concerns(receiver, DIRECTORY) in (None, "cis-poraj")
        assert legible.aggregate_id == (legible.referral_id or legible.path_id)


def test_a_body_that_is_nested_beyond_all_measure_is_not_read() -> None:
    assert Legible(SUBJECT, HEADERS, b"[" * 100_000).referral_id is None


def test_a_body_that_keeps_no_contract_still_tells_its_referral_and_its_institution() -> None:
    wrong = json.dumps(EVENT.model_dump(mode="json") | {"urgency": "very"}).encode()
    legible = Legible(SUBJECT, HEADERS, wrong)
    assert (legible.event, legible.aggregate_id, legible.path_id) == (None, EVENT.referral_id, EVENT.path_id)
    assert concerned(wrong) == "cis-poraj"


@pytest.mark.parametrize("named", ["ops-poraj", "nobody-here", 7, None, ["cis-poraj"]])
def test_an_institution_that_is_not_at_the_reading_node_is_not_concerned(named: object) -> None:
    assert concerned(json.dumps({"receiver": named}).encode()) is None


def test_a_message_without_an_envelope_is_read_by_its_body() -> None:
    legible = Legible(SUBJECT, {}, body(EVENT))
    assert (legible.envelope, legible.path_id, legible.referral_id) == (None, EVENT.path_id, EVENT.referral_id)
    assert Legible(SUBJECT, {}, json.dumps({"referral_id": str(uuid4())}).encode()).path_id is None


@pytest.mark.parametrize(
    ("cause", "code"),
    [("CannotOpen", "cannot_open"), ("JSONDecodeError", "json_decode_error"), ("_Odd", "odd")],
)
def test_an_errors_class_has_a_code(cause: str, code: str) -> None:
    assert code_of(cause) == code


def test_a_cause_has_words_of_its_own_or_general_ones() -> None:
    assert cause_in("cannot_open", "pl") != cause_in("other", "pl")
    assert cause_in("key_error", "en") == cause_in("other", "en")


@pytest.mark.parametrize("alarm", ALARMS)
def test_every_alarm_has_words_of_its_own_that_say_so(alarm: str) -> None:
    assert cause_in(code_of(alarm), "pl").remedy.startswith("Alarm bezpieczeństwa.")
    assert cause_in(code_of(alarm), "en").remedy.startswith("A security alarm.")
