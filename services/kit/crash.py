"""Crash points: named places where a process kills itself, so that what must survive a crash is tried and not argued.

`SCIEZKA_CRASH=K5` kills the first process that comes to K5; `K5@pup` only the one of node pup; `K5@pup,K8@ops` each at
its own point. A point kills once: the marker `<data>/crash/<point>` it leaves lets every later life pass. Without the
variable a point costs one look into an empty table.
"""

import asyncio
import os
import signal
from pathlib import Path

CRASH = "SCIEZKA_CRASH"

_MOMENT = 0.1

_armed = dict(place.partition("@")[::2] for place in os.environ.get(CRASH, "").split(",") if place)


def armed(name: str, node: str) -> bool:
    """Whether this point is the one at which a process of this node is to die."""
    return _armed.get(name) in ("", node)


def point(name: str, node: str) -> None:
    """Die here by SIGKILL, when this point is the armed one and nobody has died at it yet."""
    if armed(name, node):
        _die(name)


def point_soon(name: str, node: str) -> None:
    """Die here a moment later, when what was begun before has left the process."""
    if armed(name, node):
        asyncio.get_running_loop().call_later(_MOMENT, _die, name)


def _die(name: str) -> None:
    marker = Path(os.environ["SCIEZKA_DATA"]) / "crash" / name
    marker.parent.mkdir(exist_ok=True)
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
