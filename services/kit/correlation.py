"""What belongs together: one id for a request and everything that follows from it, in every log line and letter.

It is the id of the first event of a chain, or of the request that began it. Never one that a client names: a client may
put anything there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from structlog.contextvars import bound_contextvars
from uuid_utils.compat import uuid7

_current: ContextVar[UUID | None] = ContextVar("correlation", default=None)


def current() -> UUID | None:
    """The id of the request or event in whose course this runs; None when there is neither, or several at once."""
    return _current.get()


@contextmanager
def begun() -> Iterator[UUID]:
    """A chain that begins here: a fresh id."""
    identity = UUID(int=uuid7().int)
    with _going_on(identity, str(identity)):
        yield identity


@contextmanager
def followed(identities: Iterable[UUID]) -> Iterator[None]:
    """A chain that goes on here, or several taken in together: log lines then name all of them."""
    distinct = tuple(dict.fromkeys(identities))
    only = distinct[0] if len(distinct) == 1 else None
    with _going_on(only, " ".join(map(str, distinct))):
        yield


@contextmanager
def _going_on(identity: UUID | None, shown: str) -> Iterator[None]:
    token = _current.set(identity)
    try:
        with bound_contextvars(correlation_id=shown):
            yield
    finally:
        _current.reset(token)
