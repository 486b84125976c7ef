"""What callers do at once: the same request many times, and two sides deciding at the same moment."""

import asyncio
import random

from chaos.client import UNKNOWN
from chaos.faults.fault import SUPERVISED, Fault
from chaos.system import System
from chaos.workload import ACCEPT, DAY, WITHDRAW, take
from stack.sample import body

_TIMES = 20
_RACES = 8


async def storm(running: System) -> float:
    """F03: twenty times the same submission at once, with one key: one referral, and everybody is told of it."""
    sender = running.institutions["ops-poraj"]
    for number in range(3):
        content = body(running.directory, "ops-poraj", "pup-myszkow", DAY, random.Random(f"storm {number}"))
        answers = await asyncio.gather(*(sender.submit_once(content, f"storm-{number}") for _ in range(_TIMES)))
        assert UNKNOWN not in answers
        told = {answer.body.get("id") for answer in answers if answer.code == 201}
        assert len(told) == 1, told
        assert {answer.code for answer in answers} <= {201, 409}
    return await running.judge()


async def race(running: System) -> float:
    """F49: the receiver accepts and the sender withdraws at once: one of them wins, and the loser is told why."""
    sender, receiver = running.institutions["pup-strzelce"], running.institutions["ops-strzelce"]
    raced = set()
    for _ in range(_RACES):
        referral = await running.submit(sender.slug, receiver.slug)
        raced.add(referral)
        while await receiver.show(referral) is None:
            await asyncio.sleep(0.05)
        await asyncio.gather(take(ACCEPT, receiver, referral), take(WITHDRAW, sender, referral))
    seconds = await running.judge()
    for item in await sender.box("sent"):
        asked = item["last_request"]
        if item["id"] in raced and asked is not None:
            won = {"accepted": ("refused", "already_accepted"), "withdrawn": ("done", WITHDRAW.fields["reason"])}
            assert (asked["state"], asked["reason"]) == won[item["status"]], asked
    return seconds


FAULTS = (
    Fault("F03", "the same submission 20 times at once, one key", SUPERVISED, storm),
    Fault("F49", "acceptance and withdrawal at the same moment", SUPERVISED, race),
)
