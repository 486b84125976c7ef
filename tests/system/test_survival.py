"""Fifty referrals over all nodes while NATS, nodes, path worker, Temporal and PostgreSQL die one after the other."""

from chaos.faults.survival import in_turn
from chaos.start import system


async def test_every_accepted_referral_is_decided_once_at_both_ends_whatever_dies() -> None:
    async with system() as running:
        await in_turn(running)
