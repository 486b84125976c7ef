"""Which fault runs on which system, with systems that are only counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import pytest

from chaos import rounds
from chaos.faults.fault import Fault, Start
from chaos.report import Result
from chaos.rounds import Rounds
from chaos.system import System
from chaos.violation import Broken, Violation


class Systems:
    """Numbers the systems that are started; where each fault ran."""

    def __init__(self) -> None:
        self.started = 0
        self.places: dict[str, int] = {}

    @asynccontextmanager
    async def start(self) -> AsyncIterator[System]:
        self.started += 1
        yield cast(System, self.started)

    def fault(self, name: str, start: Start, error: Exception | None = None, **kind: bool) -> Fault:
        return Fault(name, "", start, partial(self._disturb, name, error), **kind)

    async def _disturb(self, name: str, error: Exception | None, system: Any) -> float:
        self.places[name] = system
        if error:
            raise error
        return 1.0


@pytest.fixture(autouse=True)
def _keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "keep", lambda _system, _fault: "nowhere")


@pytest.fixture
def systems() -> Systems:
    return Systems()


async def results(*faults: Fault) -> dict[str, Result]:
    run = Rounds()
    await run.run(faults)
    return {result.fault: result for result in run.results}


async def test_faults_that_want_the_same_system_share_one(systems: Systems) -> None:
    one, other = partial(systems.start), partial(systems.start)
    found = await results(systems.fault("A", one), systems.fault("B", other), systems.fault("C", one))
    assert systems.places == {"A": 1, "C": 1, "B": 2}
    assert all(result.passed for result in found.values())


async def test_after_a_fault_that_did_not_hold_the_next_has_a_fresh_system(systems: Systems) -> None:
    start = partial(systems.start)
    broken = Broken([Violation("I2", "twice")])
    found = await results(systems.fault("A", start, broken), systems.fault("B", start))
    assert systems.places == {"A": 1, "B": 2}
    assert found["A"].broken == ("I2",)
    assert found["B"].passed


async def test_an_error_that_is_no_verdict_fails_the_fault_without_judging_it(systems: Systems) -> None:
    found = await results(systems.fault("A", partial(systems.start), KeyError("status")))
    assert (found["A"].passed, found["A"].broken, found["A"].failure) == (False, (), "KeyError")


async def test_a_system_that_does_not_start_fails_only_the_fault_it_was_started_for(systems: Systems) -> None:
    attempts = iter((TimeoutError(), None))

    @asynccontextmanager
    async def start() -> AsyncIterator[System]:
        if error := next(attempts):
            raise error
        yield cast(System, 7)

    found = await results(systems.fault("A", start), systems.fault("B", start))
    assert found["A"].failure == "TimeoutError"
    assert systems.places == {"B": 7}


async def test_a_long_fault_has_a_system_of_its_own(systems: Systems) -> None:
    start = partial(systems.start)
    await results(systems.fault("A", start), systems.fault("B", start, long=True), systems.fault("C", start))
    assert systems.places["A"] == systems.places["C"] != systems.places["B"]
