"""Forked nodes: the libraries allow it, and what happens to a node is told to its keeper."""

import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stack.errors import StackError
from stack.files import log_file
from stack.forks import NAME, Zygote
from stack.parts import Command, launch
from stack.ports import free_ports
from stack.processes import process
from stack.supervisor import Patience, Supervisor
from tests.servers import data_folder
from tests.stack.eventually import eventually

ROOT = Path(__file__).parents[2]
IMPORTS = """
import importlib, os, sys, threading
from stack.zygote import LIBRARIES
for name in LIBRARIES:
    importlib.import_module(name)
tasks = "/proc/self/task"
sys.exit(max(threading.active_count(), len(os.listdir(tasks)) if os.path.isdir(tasks) else 1))
"""


@asynccontextmanager
async def _supervised(data: Path) -> AsyncIterator[tuple[Supervisor, Zygote, list[tuple[str, int]]]]:
    starts: list[tuple[str, int]] = []
    nowhere = dict.fromkeys(("NATS_URL", "TEMPORAL_ADDRESS", "DATABASE_URL"), "127.0.0.1:1")
    zygote = Zygote(data, {**os.environ, **nowhere, "SCIEZKA_DATA": str(data)})
    patience = Patience(first=0.05, longest=0.1, between=0.05)
    supervisor = Supervisor(lambda _line: None, lambda name, pid: starts.append((name, pid)), patience)
    try:
        await supervisor.start(zygote.part())
        yield supervisor, zygote, starts
    finally:
        await supervisor.stop()


async def test_importing_the_libraries_of_nodes_starts_no_thread(tmp_path: Path) -> None:
    command = Command((sys.executable, "-c", IMPORTS), env={"PYTHONPATH": str(ROOT)})
    assert await (await launch(command, tmp_path / "imports.log")).wait() == 1


async def test_node_that_cannot_run_is_given_up_and_its_log_says_why() -> None:
    with data_folder() as data:
        async with _supervised(data) as (supervisor, zygote, starts):
            with pytest.raises(StackError, match="Część ops nie wstała"):
                await supervisor.start(zygote.node("ops", *free_ports(1)))
            assert [process(pid) for name, pid in starts if name == "ops"] == [None, None, None]
            assert "StackError" in log_file(data, "ops").read_text(encoding="utf-8")


async def test_killed_zygote_is_started_again() -> None:
    with data_folder() as data:
        async with _supervised(data) as (_, _, starts):
            os.kill(starts[0][1], signal.SIGKILL)
            await eventually(lambda: [name for name, _ in starts] == [NAME, NAME])
            assert process(starts[0][1]) is None
