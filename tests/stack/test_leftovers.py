"""A supervisor that was killed: what it left running is found and ended, and nothing else is."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import nats

from stack.leftovers import end_leftovers
from stack.parts import Command, Running, launch
from stack.processes import process
from stack.record import PartRecord, StackRecord, forget, read, write
from stack.servers.nats import ADMIN
from tests.servers import NODES, data_folder, running_nats
from tests.stack.eventually import eventually

SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from stack.ports import free_ports
from stack.record import StackRecord, write
from stack.secrets import ensure
from stack.servers.nats import nats_part
from stack.supervisor import Supervisor

async def main(data, nodes):
    record = StackRecord(pid=1, created=0, port=1, nats_url="", temporal_address="", database_url="")
    supervisor = Supervisor(print, lambda name, pid: write(data, record.with_part(name, pid)))
    await supervisor.start(nats_part(data, *free_ports(1), ensure(data, nodes)))
    (data / "ready").touch()
    await supervisor.watch()

asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
"""
ROOT = Path(__file__).parents[2]


async def _killed_supervisor(data: Path) -> int:
    """Let a supervisor start NATS in `data` and kill it; the pid of the NATS that it left."""
    command = Command((sys.executable, "-c", SUPERVISOR, str(data), *NODES), env={"PYTHONPATH": str(ROOT)})
    supervisor = await launch(command, data / "logs" / "supervisor.log")
    await eventually((data / "ready").exists)
    record = read(data)
    assert record is not None
    supervisor.send_signal(signal.SIGKILL)
    await supervisor.wait()
    return record.parts[0].pid


def _record(data: Path, part: PartRecord) -> None:
    addresses = {"nats_url": "nats://127.0.0.1:1", "temporal_address": "127.0.0.1:1", "database_url": "postgresql://"}
    write(data, StackRecord(pid=os.getpid(), created=0.0, port=8000, parts=(part,), **addresses))


async def _sleeper(data: Path) -> Running:
    return await launch(Command(("sleep", "60")), data / "logs" / "sleeper.log")


async def test_server_of_a_killed_supervisor_is_ended_and_its_data_kept() -> None:
    with data_folder() as data:
        left = await _killed_supervisor(data)
        assert process(left) is not None
        assert await asyncio.to_thread(end_leftovers, data) == ("nats",)
        assert process(left) is None
        async with running_nats(data) as server:
            client = await nats.connect(server.address, user=ADMIN, password=server.secrets.nats_admin)
            await client.close()


async def test_server_that_is_not_in_the_record_is_known_by_its_folder() -> None:
    with data_folder() as data:
        left = await _killed_supervisor(data)
        forget(data)
        assert await asyncio.to_thread(end_leftovers, data) == ("nats-server",)
        assert process(left) is None


async def test_server_of_another_folder_is_left_alone() -> None:
    with data_folder() as data, data_folder() as other:
        async with running_nats(other) as server:
            assert await asyncio.to_thread(end_leftovers, data) == ()
            assert process(server.process.pid) is not None


async def test_process_that_has_the_pid_of_an_ended_part_is_left_alone() -> None:
    with data_folder() as data:
        stranger = await _sleeper(data)
        found = process(stranger.pid)
        assert found is not None
        _record(data, PartRecord(name="ops", pid=found.pid, started=found.started - 3600))
        assert await asyncio.to_thread(end_leftovers, data) == ()
        assert stranger.returncode is None
        stranger.send_signal(signal.SIGKILL)
        await stranger.wait()


async def test_recorded_process_is_ended() -> None:
    with data_folder() as data:
        left = await _sleeper(data)
        found = process(left.pid)
        assert found is not None
        _record(data, PartRecord(name="ops", pid=found.pid, started=found.started))
        assert await asyncio.to_thread(end_leftovers, data) == ("ops",)
        assert await left.wait() == -signal.SIGTERM
