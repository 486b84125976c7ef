"""Crash points: a process dies by SIGKILL at a named place, is started again, and nothing is lost or doubled."""

from collections import Counter
from functools import partial

from chaos.faults.fault import Fault
from chaos.start import system
from chaos.system import System

POINTS = {
    "K1": ("ops", "a request to send was read"),
    "K2": ("pup", "inside the sender's transaction"),
    "K3": ("cis", "the sender's transaction is committed, no answer yet"),
    "K4": ("owes", "the relay has numbered its letters"),
    "K5": ("pup", "the relay has published, no receipt yet"),
    "K6": ("ops", "the relay has the receipts, not marked yet"),
    "K7": ("cis", "the reader has a message"),
    "K8": ("pup", "inside the reader's transaction"),
    "K9": ("ops", "the reader's transaction is committed, no acknowledgement yet"),
    "K10": ("owes", "the reader has acknowledged"),
    "K11": ("path", "before a fact goes to Temporal"),
    "K12": ("path", "a fact is with Temporal, not marked yet"),
    "K20": ("owes", "a change is committed, not numbered into the chain yet"),
    "K21": ("cis", "a decision is stored, its event has not left yet"),
}
"""Where and in which node's process. The names are those of the hooks in the code. K18, in the middle of a file, has a
test of its own (`tests/faults/test_import_crash.py`); K13 to K17 and K19 belong to parts that are not there yet."""


def armed(*points: str) -> str:
    """For the environment: each of these points at its node."""
    return ",".join(f"{point}@{POINTS[point][0]}" for point in points)


async def die_at(points: tuple[str, ...], running: System) -> float:
    """Referrals go on while processes die at these points; each died once, by SIGKILL, as its supervisor saw it."""
    await running.work(14, seconds=3)
    seconds = await running.judge()
    folder = running.data / "crash"
    reached = {marker.name for marker in folder.iterdir()} if folder.exists() else set()
    assert reached == set(points), f"reached {sorted(reached)} of {sorted(points)}"
    deaths, expected = running.running.killed(), Counter(POINTS[point][0] for point in points)
    assert deaths == expected, f"died by signal 9: {dict(deaths)}, expected {dict(expected)}"
    return seconds


def _fault(name: str, points: tuple[str, ...]) -> Fault:
    places = "; ".join(f"{point} at {POINTS[point][0]}, {POINTS[point][1]}" for point in points)
    return Fault(name, f"SIGKILL at {places}", partial(system, crash_at=armed(*points)), partial(die_at, points))


_ROWS = {
    "F01": ("K1", "K2"),
    "F02": ("K3",),
    "F04": ("K4", "K5", "K6"),
    "F05": ("K7", "K8", "K9", "K10"),
    "F06": ("K11", "K12"),
    "K20, K21": ("K20", "K21"),
}

FAULTS = tuple(_fault(name, points) for name, points in _ROWS.items())
