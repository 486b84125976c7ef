"""Paths that are under way replay with the present code."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.replay.record import FOLDER, SCENARIOS
from workflows.agenda import Agenda
from workflows.path import ClientPath

HISTORIES = sorted(FOLDER.glob("*.json"))


def history(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
async def test_a_recorded_path_replays(file: Path) -> None:
    await Replayer(workflows=[ClientPath], data_converter=pydantic_data_converter).replay_workflow(history(file))


def test_every_scenario_is_recorded() -> None:
    assert {scenario.__name__ for scenario in SCENARIOS} <= {file.stem for file in HISTORIES}


def test_no_recording_names_the_machine_it_was_made_on() -> None:
    identities = {
        attributes.identity
        for file in HISTORIES
        for event in history(file).events
        if hasattr(attributes := getattr(event, str(event.WhichOneof("attributes"))), "identity")
    }
    assert identities <= {"tests", ""}


@workflow.defn(name="ClientPath")
class Changed:
    """A path whose code changed without a patch: it waits before it does anything."""

    @workflow.run
    async def run(self, state: Agenda) -> None:
        await workflow.sleep(1)


async def test_a_change_that_breaks_paths_under_way_is_noticed() -> None:
    replayer = Replayer(workflows=[Changed], data_converter=pydantic_data_converter)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history(FOLDER / "missed_then_accepted_late.json"))
