"""Crash points: a process dies by SIGKILL at a named place, is started again, and nothing is lost or doubled."""

from collections import Counter
from functools import partial

from chaos.faults.fault import Fault
from chaos.system import System, system

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
"""Where and in which node's process. The names are those of the hooks in the code; K13 to K19 belong to parts that are
not there yet."""


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


def _fault(point: str) -> Fault:
    node, place = POINTS[point]
    return Fault(
        point,
        f"node {node} dies: {place}",
        partial(system, crash_at=armed(point)),
        partial(die_at, (point,)),
    )


FAULTS = tuple(_fault(point) for point in POINTS)
