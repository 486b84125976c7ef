"""Every part of the system is killed in its turn, while referrals go on between all nodes."""

from chaos.faults.fault import SUPERVISED, Fault
from chaos.system import System

VICTIMS = ("nats", "cis", "path", "temporal", "ops", "postgres", "nats")
_REFERRALS = 50
_SECONDS = 12.5


async def in_turn(running: System) -> float:
    """F09: one after the other; each is started again by its supervisor before the next one dies."""
    work = running.begin(_REFERRALS, seconds=_SECONDS)
    for victim in VICTIMS:
        await running.running.kill(victim)
    return await running.judge_after(work)


FAULTS = (Fault("F09", f"SIGKILL of {', '.join(VICTIMS)}, one after the other", SUPERVISED, in_turn),)
