"""The two ends of a link, compared: which event was changed, is missing, stands there twice or in another's place.

Pure: entries in, findings out. A chain proves itself: each hash covers number, id, body and the hash before. So where
the ends differ, the one whose own chain does not hold was changed; where both hold, the last receipt decides, which
the reader signed and the writer kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from uuid import UUID

from contracts.envelope import FIRST_LINK, chained

Kind = Literal["changed", "missing", "doubled", "swapped"]
Side = Literal["writer", "reader"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event at one end. `body_hash` is None where the body is gone, as the writer's is after a time."""

    seq: int
    id: UUID
    body_hash: str | None
    prev: str
    hash: str

    @property
    def holds(self) -> bool:
        """Whether its hash is that of what it says."""
        return self.body_hash is None or chained(self.prev, self.seq, self.id, self.body_hash) == self.hash


@dataclass(frozen=True)
class Mark:
    """At this number the chain ends, or ended, in this hash."""

    seq: int = 0
    hash: str = FIRST_LINK


@dataclass(frozen=True)
class End:
    """One end of a link: its entries, and where it says that it stands."""

    entries: Sequence[Entry]
    mark: Mark


@dataclass(frozen=True)
class Finding:
    """`side` is where it was done, None where that cannot be told; `other` is the second number of a pair."""

    kind: Kind
    side: Side | None
    seq: int
    id: UUID | None
    other: int | None = None


def compare(writer: End, reader: End, receipt: Mark | None = None) -> list[Finding]:
    """What is wrong, by number. What the reader does not say to have yet is on its way, and no finding."""
    return list(_Comparison(_Chain("writer", writer), _Chain("reader", reader), receipt or Mark()).findings())


@dataclass
class _Chain:
    """One end, by number and by id, once copies are out of the way."""

    side: Side
    end: End
    at: dict[int, Entry] = field(default_factory=dict)

    @cached_property
    def place_of(self) -> dict[UUID, int]:
        return {entry.id: entry.seq for entry in self.at.values()}

    def sift(self, true_place: dict[UUID, int]) -> Iterator[Finding]:
        """Keep one entry for each id, that at the number where the other end has it, or the first; tell the copies."""
        copies: dict[UUID, list[Entry]] = defaultdict(list)
        for entry in self.end.entries:
            copies[entry.id].append(entry)
        for identity, entries in copies.items():
            place = true_place.get(identity)
            entries.sort(key=lambda entry: (entry.seq != place, entry.seq))
            for copy in entries[1:]:
                other = copy.seq if copy.seq != entries[0].seq else None
                yield Finding("doubled", self.side, entries[0].seq, identity, other)
            self.at.setdefault(entries[0].seq, entries[0])

    def holds(self, seq: int) -> bool:
        """Whether the entry at this number fits itself and its neighbours, as far as these are there."""
        entry, before, after = self.at.get(seq), self.at.get(seq - 1), self.at.get(seq + 1)
        if entry is None or not entry.holds:
            return False
        if seq == 1 and entry.prev != FIRST_LINK:
            return False
        if seq == self.end.mark.seq and entry.hash != self.end.mark.hash:
            return False
        return (before is None or entry.prev == before.hash) and (after is None or after.prev == entry.hash)


@dataclass
class _Comparison:
    writer: _Chain
    reader: _Chain
    receipt: Mark

    def findings(self) -> Iterator[Finding]:
        ids = [{entry.id: entry.seq for entry in chain.end.entries} for chain in (self.writer, self.reader)]
        yield from self.writer.sift(ids[1])
        yield from self.reader.sift(ids[0])
        last = max((*self.writer.at, *self.reader.at, self.writer.end.mark.seq, self.receipt.seq), default=0)
        differing = False
        for seq in range(1, last + 1):
            for finding in self._at(seq):
                differing = True
                yield finding
        signed = self.writer.at.get(self.receipt.seq)
        if not differing and signed is not None and signed.hash != self.receipt.hash:
            yield Finding("changed", None, signed.seq, signed.id)

    def _at(self, seq: int) -> Iterator[Finding]:
        written, read = self.writer.at.get(seq), self.reader.at.get(seq)
        if written is not None and read is not None:
            if written.id != read.id:
                yield from self._taken(seq, written, read)
            elif self._differ(written, read):
                yield Finding("changed", self._culprit(seq), seq, read.id)
            return
        if written is None:
            yield from self._absent(seq, self.writer, self.reader, read)
        if read is None and seq <= max(self.reader.end.mark.seq, self.receipt.seq):
            yield from self._absent(seq, self.reader, self.writer, written)

    def _absent(self, seq: int, here: _Chain, there: _Chain, entry: Entry | None) -> Iterator[Finding]:
        """Nothing under this number. What stands under another number was moved, and is told of there."""
        moved = here.place_of.get(entry.id) if entry else None
        if moved is None:
            yield Finding("missing", here.side, seq, entry.id if entry else None)
        elif moved not in there.at:
            yield Finding("changed", here.side, seq, entry.id if entry else None, moved)

    def _taken(self, seq: int, written: Entry, read: Entry) -> Iterator[Finding]:
        """Different events under one number: changed places with another, told at the lower of the two, or changed."""
        other = self.reader.place_of.get(written.id)
        if other is not None and other == self.writer.place_of.get(read.id):
            if seq < other:
                yield Finding("swapped", self._culprit(seq), seq, read.id, other)
            return
        culprit = self._culprit(seq)
        yield Finding("changed", culprit, seq, read.id if culprit == "writer" else written.id)

    def _differ(self, written: Entry, read: Entry) -> bool:
        """Whether one of the two was changed itself; an entry that only follows from a changed one was not."""
        if written.body_hash is not None and written.body_hash != read.body_hash:
            return True
        if not (written.holds and read.holds):
            return True
        if written.prev == read.prev:
            return written.hash != read.hash
        return not (self._follows(self.writer, written) and self._follows(self.reader, read))

    def _follows(self, chain: _Chain, entry: Entry) -> bool:
        before = chain.at.get(entry.seq - 1)
        return before is None or before.hash == entry.prev

    def _culprit(self, seq: int) -> Side | None:
        sound = self.writer.holds(seq), self.reader.holds(seq)
        if sound == (False, True):
            return "writer"
        if sound == (True, False):
            return "reader"
        if sound == (True, True) and seq <= self.receipt.seq:
            kept = [self._at_receipt(self.writer), self._at_receipt(self.reader)]
            if kept == [False, True]:
                return "writer"
            if kept == [True, False]:
                return "reader"
        return None

    def _at_receipt(self, chain: _Chain) -> bool:
        entry = chain.at.get(self.receipt.seq)
        return entry is not None and entry.hash == self.receipt.hash
