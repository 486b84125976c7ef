"""What a fault is."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from chaos.start import system
from chaos.system import System

Disturb = Callable[[System], Awaitable[float]]
"""Disturbs a system that works; returns the seconds from the healing until everything was at rest. Raises Broken."""

Start = Callable[[], AbstractAsyncContextManager[System]]

SUPERVISED: Start = system
OWN_NATS: Start = partial(system, own_nats=True)
OWN_POSTGRES: Start = partial(system, own_postgres=True)


@dataclass(frozen=True)
class Fault:
    """One row of the table: `done` says in a clause what is done to the system that `start` makes.

    `long` ones mostly wait, so they run beside the others.
    """

    id: str
    done: str
    start: Start
    disturb: Disturb
    long: bool = False
