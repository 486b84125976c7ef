"""Processes die by SIGKILL at every crash point while referrals go on: K1 to K12, K20, K21."""

from chaos.faults.crashes import POINTS, armed, die_at
from chaos.start import system


async def test_nothing_is_lost_or_doubled_when_processes_die_at_every_crash_point() -> None:
    async with system(crash_at=armed(*POINTS)) as dying:
        await die_at(tuple(POINTS), dying)
