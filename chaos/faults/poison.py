"""A message that fails whenever it is handled: its own referral waits visibly, all others go on, a person mends it."""

import asyncio
import json
import sys

from chaos.faults.fault import SUPERVISED, Fault
from chaos.system import System
from chaos.workload import ACCEPT, CLAIM, take

_GIVEN_UP_SECONDS = 120.0
"""Eight attempts with growing pauses, and a slow machine."""

_ROUTE = ("pup-myszkow", "cis-myszkow")
_POISON = """
create function poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$;
create trigger poison before update on intake.referral for each row when (new.id = '{referral}')
    execute function public.poison();
"""


async def head_of_queue(running: System) -> float:
    """F21, F23: the first of several facts fails for ever."""
    sender, receiver = (running.institutions[slug] for slug in _ROUTE)
    referral = await running.submit(*_ROUTE)
    await running.judge()
    await running.change("pup", _POISON.format(referral=referral))
    for step in (CLAIM, ACCEPT):
        await take(step, receiver, referral)
    await running.work(6)
    letter = await _given_up(running)
    stuck = await sender.show(referral)
    assert stuck is not None
    assert stuck["status"] == "delivered", stuck["status"]
    parked = await running.sql("pup", "select id::text from intake.inbox where state = 'parked'")
    assert parked, "what comes behind the poison does not wait"
    await running.change("pup", "drop trigger poison on intake.referral")
    await _command(running, "deadletters", "retry", letter)
    seconds = await running.judge()
    assert await _worklist(running) == []
    return seconds


async def _given_up(running: System) -> str:
    """The id of the letter in the worklist, once it is there."""
    async with asyncio.timeout(_GIVEN_UP_SECONDS):
        while not (letters := await _worklist(running)):
            await asyncio.sleep(0.5)
    assert len(letters) == 1, letters
    return str(letters[0])


async def _worklist(running: System) -> list[str]:
    return [letter["id"] for letter in json.loads(await _command(running, "deadletters", "list", "--json"))]


async def _command(running: System, *words: str) -> str:
    """What `sciezka` prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stack", *words, "--data", str(running.data), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, words
    return output.decode()


FAULTS = (Fault("F21, F23", "a fact that fails for ever, with others behind it", SUPERVISED, head_of_queue, long=True),)
