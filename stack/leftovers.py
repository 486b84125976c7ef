"""What an `up` that was killed has left running: found by its record and by its data folder, and ended."""

import signal
from pathlib import Path

from stack.parts import GRACE_SECONDS
from stack.processes import Process, called, is_alive, outliving, send, words_of
from stack.record import read

_SERVERS = ("postgres", "nats-server", "temporal", "initdb")


def end_leftovers(data: Path) -> tuple[str, ...]:
    """End every process that an earlier `up` on this data folder left; the names of the parts, or nothing.

    Call it only while holding the folder's lock. Blocks up to twice the grace. Raises StackError.
    """
    left = _find(data)
    for process, name in left.items():
        # SIGTERM would let PostgreSQL wait for its clients
        send(process, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    for process in outliving(left, GRACE_SECONDS):
        send(process, signal.SIGKILL)
    outliving(left, GRACE_SECONDS)
    return tuple(sorted(left.values()))


def _find(data: Path) -> dict[Process, str]:
    record = read(data)
    found = {part.process: part.name for part in record.parts if is_alive(part.process)} if record else {}
    known = {process.pid for process in found}
    for process, name in called(_SERVERS):
        # A server whose start did not get into the record any more is known by the folder that it works on.
        if process.pid not in known and any(word.startswith(f"{data}/") for word in words_of(process.pid)):
            found[process] = name
    return found
