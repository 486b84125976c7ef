"""Chains compared: any one thing done to one end of a link is named, and nothing else."""

from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.envelope import FIRST_LINK, chained
from stack.chains import End, Entry, Finding, Mark, Side, compare

SIDES: list[Side] = ["writer", "reader"]


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def chain(bodies: list[str]) -> list[Entry]:
    entries: list[Entry] = []
    for seq, body in enumerate(bodies, start=1):
        prev = entries[-1].hash if entries else FIRST_LINK
        identity = UUID(int=seq)
        entries.append(Entry(seq, identity, digest(body), prev, chained(prev, seq, identity, digest(body))))
    return entries


def sound(length: int) -> list[Entry]:
    return chain([f"body {number}" for number in range(length)])


def mark(entries: list[Entry]) -> Mark:
    return Mark(entries[-1].seq, entries[-1].hash)


def compared(side: Side, sound: list[Entry], touched: list[Entry], *, end: Mark | None = None) -> list[Finding]:
    """The findings when only this side was touched."""
    ends = {"writer": End(sound, mark(sound)), "reader": End(sound, mark(sound))}
    ends[side] = End(touched, end or mark(sound))
    return compare(ends["writer"], ends["reader"], mark(sound))


lengths = st.integers(min_value=1, max_value=12)
sides = st.sampled_from(SIDES)
places = st.integers(min_value=0, max_value=11)


@given(length=lengths, arrived=lengths)
def test_two_ends_of_which_one_is_only_behind_have_nothing_wrong(length: int, arrived: int) -> None:
    entries = sound(max(length, arrived))
    read = entries[:arrived]
    assert compare(End(entries, mark(entries)), End(read, mark(read)), mark(read)) == []


@given(length=lengths, gone=places)
def test_bodies_that_are_gone_at_the_writer_are_nothing_wrong(length: int, gone: int) -> None:
    entries = sound(length)
    kept = [replace(entry, body_hash=None) if entry.seq <= gone else entry for entry in entries]
    assert compared("writer", entries, kept) == []


@given(length=lengths, place=places, side=sides)
def test_a_changed_body_is_named(length: int, place: int, side: Side) -> None:
    entries = sound(length)
    assume(place < length)
    touched = [*entries]
    touched[place] = replace(entries[place], body_hash=digest("another"))
    assert compared(side, entries, touched) == [Finding("changed", side, place + 1, entries[place].id)]


@given(length=lengths, place=places, side=sides)
def test_a_body_changed_with_its_hash_is_named(length: int, place: int, side: Side) -> None:
    entries = sound(length)
    assume(place < length)
    old = entries[place]
    other = digest("another")
    touched = [*entries]
    touched[place] = replace(old, body_hash=other, hash=chained(old.prev, old.seq, old.id, other))
    assert compared(side, entries, touched) == [Finding("changed", side, place + 1, old.id)]


@given(length=lengths, place=places, side=sides)
def test_a_body_changed_with_the_whole_chain_behind_it_is_named_by_the_receipt(
    length: int, place: int, side: Side
) -> None:
    entries = sound(length)
    assume(place < length)
    bodies = [f"body {number}" for number in range(length)]
    bodies[place] = "another"
    touched = chain(bodies)
    findings = compared(side, entries, touched, end=mark(touched))
    assert findings == [Finding("changed", side, place + 1, entries[place].id)]


@given(length=lengths, place=places)
def test_without_a_receipt_two_chains_that_both_hold_differ_by_nobodys_hand(length: int, place: int) -> None:
    entries = sound(length)
    assume(place < length)
    bodies = [f"body {number}" for number in range(length)]
    bodies[place] = "another"
    touched = chain(bodies)
    findings = compare(End(entries, mark(entries)), End(touched, mark(touched)))
    assert findings == [Finding("changed", None, place + 1, entries[place].id)]


@given(length=lengths, place=places, side=sides, changed=st.sampled_from(["prev", "hash", "id"]))
def test_a_changed_hash_or_id_is_named(length: int, place: int, side: Side, changed: str) -> None:
    entries = sound(length)
    assume(place < length)
    values = {"prev": digest("x"), "hash": digest("x"), "id": UUID(int=99)}
    touched = [*entries]
    touched[place] = replace(entries[place], **{changed: values[changed]})
    assert compared(side, entries, touched) == [Finding("changed", side, place + 1, entries[place].id)]


@given(length=lengths, place=places, side=sides)
def test_a_deleted_event_is_named(length: int, place: int, side: Side) -> None:
    entries = sound(length)
    assume(place < length)
    touched = entries[:place] + entries[place + 1 :]
    assert compared(side, entries, touched) == [Finding("missing", side, place + 1, entries[place].id)]


@pytest.mark.parametrize("side", SIDES)
def test_a_tail_cut_off_together_with_the_mark_is_named(side: Side) -> None:
    entries = sound(5)
    findings = compared(side, entries, entries[:3], end=mark(entries[:3]))
    assert findings == [Finding("missing", side, seq, UUID(int=seq)) for seq in (4, 5)]


@given(length=lengths, place=places, side=sides, to=st.integers(min_value=1, max_value=13))
def test_a_doubled_event_is_named(length: int, place: int, side: Side, to: int) -> None:
    entries = sound(length)
    assume(place < length)
    touched = [*entries, replace(entries[place], seq=to)]
    other = to if to != place + 1 else None
    assert compared(side, entries, touched) == [Finding("doubled", side, place + 1, entries[place].id, other)]


@given(length=lengths, pair=st.tuples(places, places), side=sides, whole=st.booleans())
def test_two_swapped_events_are_named(length: int, pair: tuple[int, int], side: Side, whole: bool) -> None:
    """Their numbers exchanged, or what stands under the numbers."""
    entries = sound(length)
    low, high = sorted(pair)
    assume(low < high < length)
    one, two = entries[low], entries[high]
    touched = [*entries]
    if whole:
        touched[low], touched[high] = replace(two, seq=one.seq), replace(one, seq=two.seq)
    else:
        touched[low] = replace(one, id=two.id, body_hash=two.body_hash)
        touched[high] = replace(two, id=one.id, body_hash=one.body_hash)
    (finding,) = compared(side, entries, touched)
    assert (finding.kind, finding.side, finding.seq, finding.other) == ("swapped", side, low + 1, high + 1)
    assert finding.id in (one.id, two.id)


def test_a_receipt_that_neither_end_can_have_signed_is_told() -> None:
    entries = sound(3)
    end = End(entries, mark(entries))
    assert compare(end, end, Mark(3, digest("x"))) == [Finding("changed", None, 3, UUID(int=3))]
