"""A list of referrals from a file, as an office sends it in."""

import asyncio
import random
import time

import httpx2

from bench.product import DAY, SENDER
from contracts.directory import Directory
from stack.sample import body
from tests.imports.sheets import comma_separated, listed

RECEIVER = "cis-poraj"
"""A statutory referral: the kind with the most fields and the most conditions."""


async def measure_import(http: httpx2.AsyncClient, url: str, token: str, directory: Directory, *, rows: int) -> float:
    """Seconds until all rows of one file are referrals. Raises RuntimeError when one is not."""
    chance = random.Random(4)
    people = [body(directory, SENDER, RECEIVER, DAY, chance) for _ in range(rows)]
    headers = {"Authorization": f"Bearer {token}"}
    begun = time.perf_counter()
    answer = await http.post(
        f"{url}/api/v1/referrals/import",
        files={"file": ("lista.csv", comma_separated(listed(people)))},
        headers=headers,
    )
    answer.raise_for_status()
    job = answer.json()
    while job["state"] != "done":
        await asyncio.sleep(0.2)
        job = (await http.get(f"{url}/api/v1/imports/{job['id']}", headers=headers)).raise_for_status().json()
    if job["bad"]:
        raise RuntimeError(f"{job['bad']} rows were not taken")
    return time.perf_counter() - begun
