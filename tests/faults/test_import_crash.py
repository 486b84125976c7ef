"""K18: the process that works on a file dies by SIGKILL in the middle of it; what comes after goes on where it was."""

import random

import httpx2

from chaos.start import system
from chaos.system import System
from stack.credentials import read_credentials
from stack.sample import body
from tests.imports.sheets import comma_separated, listed
from tests.nodes import TODAY, eventually

ROWS = 40


async def _get(running: System, address: str) -> dict[str, object] | None:
    """The answer, None while the node is being started again."""
    entry = read_credentials(running.data)["ops-poraj"]
    headers = {"Authorization": f"Bearer {entry['token']}"}
    try:
        answer = await running.http.get(f"{entry['url']}/api/v1{address}", headers=headers)
    except httpx2.TransportError:
        return None
    found: dict[str, object] | None = answer.json() if answer.status_code == 200 else None
    return found


async def test_an_import_goes_on_where_it_was_when_its_process_was_killed_in_the_middle() -> None:
    async with system(crash_at="K18@ops") as running:
        entry = read_credentials(running.data)["ops-poraj"]
        chance = random.Random(18)
        bodies = [body(running.directory, "ops-poraj", "cis-poraj", TODAY, chance) for _ in range(ROWS)]
        answer = await running.http.post(
            f"{entry['url']}/api/v1/referrals/import",
            files={"file": ("lista.csv", comma_separated(listed(bodies)))},
            headers={"Authorization": f"Bearer {entry['token']}"},
        )
        assert answer.status_code == 202, answer.text

        async def done() -> dict[str, object] | None:
            found = await _get(running, f"/imports/{answer.json()['id']}")
            return found if found is not None and found["state"] == "done" else None

        found = await eventually(done, within=90)
        assert running.running.killed() == {"ops": 1}
        assert (found["created"], found["same"], found["bad"]) == (ROWS, 0, 0)
        sent = await _sent(running)
        assert (len(sent), len(set(sent))) == (ROWS, ROWS)


async def _sent(running: System) -> list[str]:
    """The people of all referrals the institution has sent."""
    people: list[str] = []
    page: dict[str, object] | None = await _get(running, "/referrals?box=sent")
    while page is not None:
        items = page["items"]
        assert isinstance(items, list)
        people += [item["client"]["pesel"] for item in items]
        page = await _get(running, f"/referrals?box=sent&cursor={page['next']}") if page["next"] else None
    return people
