"""Unnumbered talk between two nodes, on `ctl.<from>.<to>.…`: lost without harm, since the next one replaces it."""

from pydantic import ConfigDict, Field

from contracts.base import Instant, Message

HEARTBEAT = "heartbeat"


class Heartbeat(Message):
    """All events that the writer had for this reader at `at` bear a number up to `linkseq` (0: there are none yet).

    A reader that has taken in everything up to `linkseq` knows that its copy is as of `at`.
    """

    model_config = ConfigDict(extra="ignore")  # a tolerant reader, as for events

    at: Instant
    linkseq: int = Field(ge=0)
