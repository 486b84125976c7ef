"""Unnumbered talk between two nodes, on `ctl.<from>.<to>.…`: lost without harm, since the next one replaces it."""

from pydantic import Field

from contracts.base import Instant, Told

HEARTBEAT = "heartbeat"


class Heartbeat(Told):
    """All events that the writer had for this reader at `at` bear a number up to `linkseq` (0: there are none yet).

    A reader that has taken in everything up to `linkseq` knows that its copy is as of `at`.
    """

    at: Instant
    linkseq: int = Field(ge=0)
