"""`sciezka up` as a user runs it: one process tree, from start to the last process gone."""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest
import pytest_asyncio

from stack import seed
from stack.credentials import read_credentials
from stack.doctor import examine
from stack.errors import StackError
from stack.parts import Command, Running, launch
from stack.ports import free_ports, require_free
from stack.processes import is_alive
from stack.record import StackRecord, read
from tests.servers import data_folder
from tests.stack.eventually import eventually

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
MEMORY_BYTES = 1_500_000_000


@dataclass(frozen=True)
class Up:
    """A running `sciezka up`."""

    data: Path
    process: Running
    log: Path

    @property
    def record(self) -> StackRecord:
        record = read(self.data)
        assert record is not None
        return record

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def pid(self, name: str) -> int:
        return next(part.pid for part in self.record.parts if part.name == name)


def _port() -> int:
    """The first of five free ports in a row."""
    while True:
        (port,) = free_ports(1)
        try:
            require_free(range(port, port + 5))
        except StackError:
            continue
        return port


def _tokens(data: Path) -> dict[str, str]:
    """Token by institution: what a second start must not make anew."""
    credentials = json.loads((data / "credentials.json").read_text(encoding="utf-8"))
    return {agency: entry["token"] for agency, entry in credentials.items()}


@asynccontextmanager
async def _up(data: Path) -> AsyncIterator[Up]:
    """`sciezka up --empty`, started and ready; asked to end when the block ends, if it still runs."""
    words = ("up", "--empty", "--port", str(_port()), "--data", str(data))
    log = data.parent / f"{_port()}.log"
    process = await launch(Command((sys.executable, "-m", "stack", *words), env={"PYTHONPATH": str(ROOT)}), log)
    up = Up(data, process, log)
    try:
        await eventually(lambda: process.returncode is not None or "Koniec: Ctrl-C" in up.said, START_SECONDS)
        assert process.returncode is None, up.said
        yield up
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def up() -> AsyncIterator[Up]:
    with data_folder() as data:
        async with _up(data) as running:
            yield running


@pytest.mark.usefixtures("bare_environment")
async def test_everything_is_healthy_once_it_says_that_it_runs(up: Up) -> None:
    checks = await examine(up.data)
    assert [check for check in checks if not check.ok] == []
    assert {f"{node}/ready" for node in ("path", "ops", "pup", "cis", "owes")} <= {check.name for check in checks}


def test_whole_tree_stays_under_its_memory(up: Up) -> None:
    top: Any = psutil.Process(up.process.pid)
    tree = [top, *top.children(recursive=True)]
    assert {part.pid for part in up.record.parts} < {process.pid for process in tree}
    assert sum(process.memory_full_info().pss for process in tree) < MEMORY_BYTES


async def test_the_demo_is_played_once_also_when_a_later_release_words_it_otherwise(
    up: Up, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    await seed.seed(up.data, told.append)
    played = await _sent(up.data)
    monkeypatch.setattr(seed, "_DAY", seed._DAY + timedelta(days=1))
    (up.data / "demo-played").unlink()  # as an earlier release left the folder
    await seed.seed(up.data, told.append)
    counts = (len(seed.SCENARIOS), len(seed.PAPERS), len(seed.PLACE_QUESTIONS))
    assert told == ["dane pokazowe na miejscu: skierowania {}, wnioski {}, pytania o miejsca {}".format(*counts)] * 2
    assert await _sent(up.data) == played
    assert len(played) == len(seed.SCENARIOS)


async def test_the_demo_leaves_something_to_do_for_those_who_try_it_first(up: Up) -> None:
    await seed.seed(up.data, lambda _: None)
    assert len(await _found(up.data, "ops-poraj", "applications", "interview_planned")) == 1
    assert len(await _found(up.data, "ops-poraj", "referrals?box=sent", "info_requested")) == 1
    mine = await _found(up.data, "cis-poraj", "referrals?box=inbox", "in_review")
    assert "cis-social-worker@cis-poraj" in mine
    for slug, status in (("cis-tychy", "redirect_proposed"), ("ops-strzelce", "return_proposed")):
        assert len(await _found(up.data, slug, "referrals?box=sent", status)) == 1
    assert len(await _found(up.data, "cis-poraj", "referrals?box=inbox", "no_show")) == 1
    for slug in ("cis-poraj", "pup-myszkow", "owes-jowes", "kis-zdunska-wola"):
        assert await _found(up.data, slug, "referrals?box=inbox", "delivered")


async def test_what_people_did_after_the_demo_stays_at_the_next_start(up: Up) -> None:
    await seed.seed(up.data, lambda _: None)
    entry = read_credentials(up.data)["pup-myszkow"]
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {entry['token']}"}) as http:
        referrals = f"{entry['url']}/api/v1/referrals"
        items = (await http.get(f"{referrals}?box=inbox")).json()["items"]
        [taken] = [item["id"] for item in items if item["status"] == "in_review"]
        (await http.post(f"{referrals}/{taken}/actions/release")).raise_for_status()
        await seed.seed(up.data, lambda _: None)
        assert (await http.get(f"{referrals}/{taken}")).json()["status"] == "delivered"


async def _found(data: Path, slug: str, listed: str, status: str) -> list[str | None]:
    """By whom each one in this state was claimed, in a list of this institution."""
    entry = read_credentials(data)[slug]
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {entry['token']}"}) as http:
        items = (await http.get(f"{entry['url']}/api/v1/{listed}")).raise_for_status().json()["items"]
    return [item.get("claimed_by") for item in items if item["status"] == status]


async def _sent(data: Path) -> set[str]:
    """The referrals that all institutions together have sent."""
    found = set()
    async with httpx2.AsyncClient() as http:
        for entry in read_credentials(data).values():
            headers = {"Authorization": f"Bearer {entry['token']}"}
            answer = await http.get(f"{entry['url']}/api/v1/referrals?box=sent", headers=headers)
            found |= {item["id"] for item in answer.raise_for_status().json()["items"]}
    return found


async def test_nodes_come_back_when_the_process_they_are_forked_from_is_killed(up: Up) -> None:
    before = {part.name: part.process for part in up.record.parts}
    os.kill(up.pid("zygote"), signal.SIGKILL)
    nodes = ("ops", "pup", "cis", "owes", "path")
    await eventually(lambda: all(up.said.count(f"{node}: gotowe") >= 2 for node in nodes), START_SECONDS)
    after = {part.name: part.process for part in up.record.parts}
    assert [is_alive(before[node]) for node in nodes] == [False] * 5
    assert [is_alive(after[node]) for node in nodes] == [True] * 5
    assert [after[server] for server in ("nats", "postgres", "temporal")] == [
        before[server] for server in ("nats", "postgres", "temporal")
    ]


async def test_after_a_kill_the_next_start_ends_what_was_left_and_goes_on_with_the_data() -> None:
    with data_folder() as data:
        async with _up(data) as first:
            left = first.record
            tokens = _tokens(data)
            first.process.send_signal(signal.SIGKILL)
            await first.process.wait()
        nodes = [part.process for part in left.parts if part.name not in ("nats", "postgres", "temporal")]
        await eventually(lambda: not any(map(is_alive, nodes)))
        async with _up(data) as second:
            assert "zakończono to, co zostało po poprzednim uruchomieniu: nats, postgres, temporal" in second.said
            assert not any(is_alive(part.process) for part in left.parts)
            assert {part.name for part in second.record.parts} == {part.name for part in left.parts}
            before, after = (record.database_url.split("@")[0] for record in (left, second.record))
            assert before == after
            last = second.record
        assert second.process.returncode == 0
        assert not any(is_alive(part.process) for part in last.parts)
        assert read(data) is None
        assert _tokens(data) == tokens
