"""The envelope: what is written as headers is read as the same envelope."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import FIRST_LINK, Envelope, MalformedEnvelope, link_hash, on_link
from tests.kit.examples import envelope, submitted

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
envelopes = st.builds(
    Envelope,
    id=st.uuids(),
    type=st.from_regex(r"pl\.sciezka\.[a-z]+\.[a-z_]+\.v[1-9]", fullmatch=True),
    source=st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True),
    subject=st.uuids(),
    time=st.datetimes(timezones=offsets | st.just(UTC)),
    version=st.integers(0, 2**31 - 1),
    correlation_id=st.uuids(),
    causation_id=st.none() | st.uuids(),
)
GOOD = envelope(submitted(), link=(1, FIRST_LINK))
READ = {name: value for name, value in GOOD.headers().items() if name.startswith("ce-") and name != "ce-specversion"}


@given(written=envelopes)
def test_an_envelope_survives_the_road(written: Envelope) -> None:
    assert Envelope.parse(written.headers()) == written


@given(written=envelopes, seq=st.integers(1, 2**63 - 1), prev=hashes)
def test_its_place_on_a_link_survives_the_road(written: Envelope, seq: int, prev: str) -> None:
    placed = replace(written, linkseq=seq, linkprev=prev)
    assert Envelope.parse(placed.headers()) == placed
    assert placed.headers() == written.headers() | on_link(seq, prev)


@given(written=envelopes)
def test_headers_are_plain_text_of_one_line(written: Envelope) -> None:
    assert all(text.isascii() and text.isprintable() for item in written.headers().items() for text in item)


def test_the_message_id_is_the_event_id_so_that_the_broker_drops_a_second_copy() -> None:
    assert GOOD.headers()["Nats-Msg-Id"] == str(GOOD.id)


@pytest.mark.parametrize("name", sorted(READ.keys() - {"ce-linkseq", "ce-linkprev"}))
def test_a_missing_header_is_named(name: str) -> None:
    headers = {key: value for key, value in GOOD.headers().items() if key != name}
    with pytest.raises(MalformedEnvelope, match=f"^missing header {name}$"):
        Envelope.parse(headers)


@given(name=st.sampled_from(sorted(READ)), value=st.text(min_size=20))
def test_an_unreadable_header_is_never_quoted(name: str, value: str) -> None:
    try:
        Envelope.parse(GOOD.headers() | {name: value})
    except MalformedEnvelope as error:
        said = str(error)
    else:
        return
    assert said == "unreadable header"


def test_the_head_of_a_link_depends_on_all_that_came_before_and_on_number_id_and_body() -> None:
    identity, body = uuid4(), b"{}"
    heads = {
        link_hash(FIRST_LINK, 1, identity, body),
        link_hash("1" * 64, 1, identity, body),
        link_hash(FIRST_LINK, 2, identity, body),
        link_hash(FIRST_LINK, 1, uuid4(), body),
        link_hash(FIRST_LINK, 1, identity, b"{ }"),
    }
    assert len(heads) == 5


def test_the_head_of_a_link_is_computed_the_same_for_ever() -> None:
    """Two nodes of different versions compare these; it is part of the language."""
    assert (
        link_hash(FIRST_LINK, 1, UUID(int=1), b"{}")
        == "190dc3b269a86917014f907c63df6e6ee7cfbea3c8e504f2302d4d64c16a7173"
    )


def test_an_instant_is_read_with_its_offset() -> None:
    headers = GOOD.headers() | {"ce-time": "2026-06-01T10:00:00+02:00"}
    assert Envelope.parse(headers).time == datetime(2026, 6, 1, 8, tzinfo=UTC)
