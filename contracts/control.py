"""Unnumbered talk between the two ends of a link, on `ctl.<from>.<to>.<family>.…`, each message signed by its node.

A lost message does no harm, since the next one replaces it. A link is (writer, reader, family).
"""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from contracts.base import Code, Instant, Slug, Told

MOST_AT_ONCE = 1000
"""Numbers in one request to send again, at most."""


class LinkTalk(Told):
    """About one link, said at `at` by one of its ends."""

    what: ClassVar[str]
    from_writer: ClassVar[bool]

    writer: Slug
    reader: Slug
    family: Code
    at: Instant

    @property
    def teller(self) -> str:
        return self.writer if self.from_writer else self.reader

    @property
    def hearer(self) -> str:
        return self.reader if self.from_writer else self.writer


class Heartbeat(LinkTalk):
    """The writer's head: `seq` is the last number given (0: none yet) and the chain up to it ends in `hash`.

    Everything the writer's node had committed for this reader before `as_of` bears a number up to `seq`. So a reader
    that has taken in everything up to `seq` knows that its copy is as of `as_of`.
    """

    what = "heartbeat"
    from_writer = True

    seq: int = Field(ge=0)
    hash: str
    as_of: Instant


class Receipt(LinkTalk):
    """The reader's word: everything up to `seq` is in its database, and the chain there ends in `hash`."""

    what = "receipt"
    from_writer = False

    seq: int = Field(ge=1)
    hash: str


class Replay(LinkTalk):
    """The reader asks the writer to send the numbers `first` to `last` again."""

    what = "replay"
    from_writer = False

    first: int = Field(ge=1)
    last: int

    @model_validator(mode="after")
    def _in_bounds(self) -> Self:
        if not 0 <= self.last - self.first < MOST_AT_ONCE:
            raise ValueError("too many numbers, or none")
        return self
