"""Supervision with real processes: what dies or falls silent is started again, later each time, and said."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.errors import StackError
from stack.parts import Command, Part, launch
from stack.processes import process
from stack.supervisor import ATTEMPTS, Patience, Supervisor, next_delay
from tests.stack.eventually import eventually

QUICK = Patience(first=0.05, longest=0.2, healthy=60.0, silent=0.5, between=0.05)
SLEEPER = ("sleep", "60")


class Watched:
    """A supervisor that remembers what it said and which processes it started."""

    def __init__(self, patience: Patience) -> None:
        self.said: list[str] = []
        self.starts: list[tuple[str, int]] = []
        self.supervisor = Supervisor(self.said.append, lambda name, pid: self.starts.append((name, pid)), patience)

    def pids(self, name: str) -> list[int]:
        return [pid for started, pid in self.starts if started == name]

    def delays(self, name: str) -> list[str]:
        """The delays that were announced before new starts."""
        return [line.rsplit(" za ", 1)[1] for line in self.said if line.startswith(f"{name}: ") and " za " in line]

    async def kill(self, name: str) -> None:
        """Kill the part and wait until it runs and is ready again."""
        ready, pids = self.said.count(f"{name}: gotowe"), self.pids(name)
        os.kill(pids[-1], signal.SIGKILL)
        await eventually(lambda: self.said.count(f"{name}: gotowe") > ready)
        assert len(self.pids(name)) == len(pids) + 1


@asynccontextmanager
async def _watched(patience: Patience = QUICK) -> AsyncIterator[Watched]:
    watched = Watched(patience)
    try:
        yield watched
    finally:
        await watched.supervisor.stop()


def _part(folder: Path, name: str, words: tuple[str, ...] = SLEEPER, ready: Callable[[], bool] = lambda: True) -> Part:
    async def asked() -> bool:
        return ready()

    log = folder / f"{name}.log"
    return Part(name=name, start=partial(launch, Command(words), log), ready=asked, log=log)


async def test_killed_part_is_started_again_after_a_growing_delay_and_said(tmp_path: Path) -> None:
    async with _watched(Patience()) as watched:
        await watched.supervisor.start(_part(tmp_path, "sleeper"))
        for _ in range(3):
            await watched.kill("sleeper")
        assert watched.delays("sleeper") == ["0,5 s", "1,0 s", "2,0 s"]
        assert "sleeper: koniec procesu (sygnał 9); ponowny start za 0,5 s" in watched.said


async def test_delay_is_short_again_after_a_time_of_health(tmp_path: Path) -> None:
    patience = Patience(first=0.1, longest=5.0, healthy=0.0, between=0.05)
    async with _watched(patience) as watched:
        await watched.supervisor.start(_part(tmp_path, "sleeper"))
        for _ in range(3):
            await watched.kill("sleeper")
        assert watched.delays("sleeper") == ["0,1 s"] * 3


async def test_other_parts_live_on_when_one_is_killed(tmp_path: Path) -> None:
    async with _watched() as watched:
        await watched.supervisor.start(_part(tmp_path, "one"), _part(tmp_path, "other"))
        await watched.kill("one")
        assert len(watched.pids("other")) == 1


async def test_living_part_that_falls_silent_is_ended_and_started_again(tmp_path: Path) -> None:
    answers = [True]
    async with _watched() as watched:
        await watched.supervisor.start(_part(tmp_path, "silent", ready=lambda: answers[0]))
        answers[0] = False
        await eventually(lambda: len(watched.pids("silent")) > 1)
        assert process(watched.pids("silent")[0]) is None
        assert any("nie odpowiada od 0,5 s" in line for line in watched.said)


async def test_start_waits_until_every_part_is_ready(tmp_path: Path) -> None:
    answers = [False]
    async with _watched(Patience()) as watched:
        start = asyncio.create_task(
            watched.supervisor.start(_part(tmp_path, "quick"), _part(tmp_path, "slow", ready=lambda: answers[0]))
        )
        await eventually(lambda: "quick: gotowe" in watched.said)
        assert not start.done()
        answers[0] = True
        await asyncio.wait_for(start, 5)


async def test_part_that_ends_at_each_start_is_given_up_with_the_name_of_its_log(tmp_path: Path) -> None:
    async with _watched() as watched:
        with pytest.raises(StackError) as refused:
            await watched.supervisor.start(_part(tmp_path, "broken", ("false",), ready=lambda: False))
        assert refused.value.sentence == "Część broken nie wstała."
        assert str(tmp_path / "broken.log") in refused.value.remedy
        assert len(watched.pids("broken")) == ATTEMPTS


async def test_program_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    async with _watched() as watched:
        with pytest.raises(StackError, match="Nie udało się uruchomić programu absent"):
            await watched.supervisor.start(_part(tmp_path, "absent", (str(tmp_path / "absent"),)))
        assert watched.starts == []


async def test_stop_ends_every_process_also_one_that_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.parts.GRACE_SECONDS", 0.3)
    flag = tmp_path / "deaf.ready"
    deaf = ("sh", "-c", "trap '' TERM; touch $0; while :; do sleep 0.1; done", str(flag))
    async with _watched() as watched:
        await watched.supervisor.start(_part(tmp_path, "listening"))
        await watched.supervisor.start(_part(tmp_path, "deaf", deaf, flag.exists))
        await watched.supervisor.stop()
        assert [process(pid) for _, pid in watched.starts] == [None, None]


async def test_stop_ends_what_started_last_first(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    words = ("sh", "-c", f"trap 'echo $0 >> {ended}; exit 0' TERM; touch $0.ready; while :; do sleep 0.05; done")
    async with _watched() as watched:
        for name in ("server", "node"):
            flag = tmp_path / f"{name}.ready"
            await watched.supervisor.start(_part(tmp_path, name, (*words, str(flag.with_suffix(""))), flag.exists))
        await watched.supervisor.stop()
    assert [Path(line).name for line in ended.read_text(encoding="utf-8").split()] == ["node", "server"]


async def test_stop_during_the_wait_for_a_new_start_starts_nothing(tmp_path: Path) -> None:
    async with _watched(Patience(first=30.0)) as watched:
        await watched.supervisor.start(_part(tmp_path, "sleeper"))
        os.kill(watched.pids("sleeper")[0], signal.SIGKILL)
        await eventually(lambda: bool(watched.delays("sleeper")))
        await asyncio.wait_for(watched.supervisor.stop(), 5)
        assert len(watched.pids("sleeper")) == 1


@given(lives=st.lists(st.floats(min_value=0, max_value=59.9), min_size=1, max_size=12))
def test_delay_never_shrinks_without_health_and_never_exceeds_the_longest(lives: list[float]) -> None:
    patience, delays, delay = Patience(), [], None
    for healthy in lives:
        delay = next_delay(patience, delay, healthy)
        delays.append(delay)
    assert delays == [min(0.5 * 2**number, 30.0) for number in range(len(lives))]


def test_a_minute_of_health_makes_the_next_delay_the_first_again() -> None:
    assert next_delay(Patience(), 16.0, 60.0) == 0.5
    assert next_delay(Patience(), 16.0, 59.0) == 30.0


async def test_death_is_noticed_at_once_although_a_probe_swallows_its_cancellation(tmp_path: Path) -> None:
    asked = 0

    async def stubborn() -> bool:
        nonlocal asked
        asked += 1
        if asked > 1:
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return True

    log = tmp_path / "stubborn.log"
    part = Part(name="stubborn", start=partial(launch, Command(SLEEPER), log), ready=stubborn, log=log)
    async with _watched(Patience(first=0.05, between=0.05)) as watched:  # silent for a minute before it counts as dead
        await watched.supervisor.start(part)
        await eventually(lambda: asked > 1)
        os.kill(watched.pids("stubborn")[0], signal.SIGKILL)
        await eventually(lambda: len(watched.pids("stubborn")) > 1)


async def test_node_that_only_misses_its_servers_is_left_alone_and_one_that_is_not_alive_is_not(tmp_path: Path) -> None:
    answers = {"ready": True, "alive": True}

    async def ready() -> bool:
        return answers["ready"]

    async def alive() -> bool:
        return answers["alive"]

    log = tmp_path / "node.log"
    part = Part(name="node", start=partial(launch, Command(SLEEPER), log), ready=ready, log=log, alive=alive)
    async with _watched(Patience(first=0.05, silent=0.3, between=0.05)) as watched:
        await watched.supervisor.start(part)
        answers["ready"] = False
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(eventually(lambda: len(watched.pids("node")) > 1), 1.0)
        answers["alive"] = False
        await eventually(lambda: len(watched.pids("node")) > 1)
