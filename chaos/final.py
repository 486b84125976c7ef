"""The state of the whole system at rest, as plain data: both ends' views, and the letters between the nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class View:
    """A referral as one institution sees it in one of its boxes."""

    agency: str
    referral: str
    kind: str
    receiver: str
    status: str
    version: int
    custodian: str | None
    pending: bool


@dataclass(frozen=True)
class Letter:
    """One event for one node, in the outbox of its writer."""

    id: str
    source: str
    family: str
    target: str
    name: str
    linkseq: int | None
    is_sent: bool


@dataclass(frozen=True)
class Taken:
    """One event in the inbox of a service."""

    id: str
    node: str
    service: str
    source: str
    family: str
    aggregate: str
    version: int
    linkseq: int | None
    state: str


@dataclass(frozen=True)
class Fact:
    """A version of a referral as its receiver published it; `at` is when the letter was written."""

    id: str
    referral: str
    version: int
    name: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Final:
    """Everything the checker looks at besides the history.

    `dead` are the events in a worklist, by (event, node); `alarms` what the links complain of.
    """

    sent: Sequence[View]
    received: Sequence[View]
    letters: Sequence[Letter]
    taken: Sequence[Taken]
    facts: Sequence[Fact]
    dead: frozenset[tuple[str, str]]
    alarms: Sequence[str] = ()
