"""What the services stand on, kept in memory: the use cases run as they are, ten thousand times in half a minute.

What is put aside is proved on real servers elsewhere: rows and locks, sealing, the road.
"""

import contextlib
from collections.abc import Coroutine, Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from contracts.directory import Agency, Directory
from contracts.events import Event
from rules.calendar import add_working_days, end_of_day, local_day
from services.referral.models import ReceivedReferral, ReceivedRequest

KINDS = {
    "ops-poraj": "ops",
    "cis-poraj": "cis",
    "kis-poraj": "kis",
    "owes-jura": "owes",
    "owes-turow": "owes",
    "owes-wielun": "owes",
    "pup-myszkow": "pup",
}
DIRECTORY = Directory(
    agencies=tuple(
        Agency.model_validate({"slug": slug, "kind": kind, "node": kind, "name": slug, "town": "x", "county": "x"})
        for slug, kind in KINDS.items()
    )
)


class Clock:
    """Shows what it is set to."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    async def now(self, session: object) -> datetime:
        return self.time

    def go_on(self, by: timedelta) -> None:
        self.time += by


class Outbox:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.written: list[Event] = []

    async def publish(self, session: object, event: Event, **_: object) -> None:
        self.written.append(event)


class Session:
    """One transaction after another. `found`: the row that is read next, `asked`: the requests, of which the
    newest is; `leases`: until when claims are held."""

    def __init__(self) -> None:
        self.found: Any = None
        self.added: list[Any] = []
        self.asked: list[ReceivedRequest] = []
        self.leases: dict[object, datetime] = {}
        self.no_autoflush = contextlib.nullcontext()

    def add(self, row: object) -> None:
        self.added.append(row)
        if isinstance(row, ReceivedRequest):
            self.asked.append(row)

    async def exec(self, query: Any) -> Any:
        of_requests = query.column_descriptions[0]["entity"] is ReceivedRequest
        found = self.asked[-1] if of_requests else self.found
        return SimpleNamespace(one=lambda: found, one_or_none=lambda: found, all=tuple)


async def _hold(session: Session, referral: ReceivedReferral, now: datetime) -> datetime:
    session.leases[referral.id] = end_of_day(add_working_days(local_day(now), 1))
    return session.leases[referral.id]


async def _end(session: Session, referral: ReceivedReferral) -> None:
    session.leases.pop(referral.id, None)


async def _nothing(*_: object, **__: object) -> None:
    return None


async def _no(*_: object, **__: object) -> bool:
    return False


def _sealed(keyring: object, text: str | None, **_: object) -> str | None:
    return text


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """While it lasts, rows of other tables and seals are kept in memory."""
    stand_ins: Sequence[tuple[str, object]] = (
        ("services.referral.leases.hold", _hold),
        ("services.referral.leases.end", _end),
        ("services.referral.places.free", _nothing),
        ("services.referral.places.lock", _nothing),
        ("services.referral.undoing.file_was_opened", _no),
        ("services.referral.undoing.give_files_back", _nothing),
        ("services.referral.moves.seal_text", _sealed),
        ("services.referral.handlers.unseal", lambda *_, **__: None),
        ("services.referral.handlers.unseal_text", _sealed),
        ("services.intake.commands.seal_text", _sealed),
        ("services.intake.attachments_sending.stop", _nothing),
    )
    with contextlib.ExitStack() as stack:
        for name, stand_in in stand_ins:
            stack.enter_context(patch(name, stand_in))
        yield


def done(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits for something")
