"""Processes of this machine, each known by pid and start, so that a pid given to another is never taken for it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psutil

from stack.errors import StackError

_SAME_START_SECONDS = 2.0
"""Systems report the start of a process to a fraction of a second, but not always the same fraction."""


@dataclass(frozen=True)
class Process:
    """`started` is in seconds since 1970."""

    pid: int
    started: float


def process(pid: int) -> Process | None:
    """The living process that has this pid now, or None."""
    try:
        found = Process(pid, psutil.Process(pid).create_time())
    except psutil.Error:
        return None
    return found if is_alive(found) else None


def is_alive(process: Process) -> bool:
    """Whether it runs. One that has ended and waits for its parent to notice does not."""
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.started) < _SAME_START_SECONDS
        return bool(same and found.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def words_of(pid: int) -> tuple[str, ...]:
    """The command line of the process that has this pid now; empty when there is none or it may not be read."""
    try:
        return tuple(psutil.Process(pid).cmdline())
    except psutil.Error:
        return ()


def called(names: Iterable[str]) -> Iterator[tuple[Process, str]]:
    """The living processes whose program has one of these names, with that name."""
    wanted = frozenset(names)
    for found in psutil.process_iter(["name", "create_time"]):
        one = Process(found.pid, found.info["create_time"] or 0.0)
        if found.info["name"] in wanted and is_alive(one):
            yield one, found.info["name"]


def send(process: Process, number: int) -> None:
    """Send the signal, unless the process has ended. Raises StackError when it belongs to another account."""
    if not is_alive(process):
        return
    try:
        psutil.Process(process.pid).send_signal(number)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied as error:
        raise StackError(
            f"Nie wolno zakończyć procesu {process.pid}, pozostałego po poprzednim uruchomieniu.",
            f"Zakończ go z konta, które go uruchomiło: kill {process.pid}.",
        ) from error


def outliving(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Those that still run after so many seconds; returns as soon as none does. Blocks."""
    deadline = time.monotonic() + seconds
    alive = [one for one in processes if is_alive(one)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [one for one in alive if is_alive(one)]
    return alive


def listener(port: int) -> tuple[str, int] | None:
    """Name and pid of the program that listens on this TCP port, or None when the system does not tell."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                name = psutil.Process(connection.pid).name()
                return name, connection.pid
    except psutil.Error:
        return None
    return None
