"""What stands in a user's way is one Polish sentence and its remedy, with exit code 1 and no traceback."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stack import cli, programs
from stack.embedded import require_given
from stack.errors import StackError
from stack.files import ensure_folder, locked
from stack.parts import Command, launch
from stack.ports import LOOPBACK, free_ports, require_free
from tests.ports import neighbours
from tests.stack.eventually import eventually

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
HOLDER = """
import sys, time
from pathlib import Path
from stack.files import locked

with locked(Path(sys.argv[1]), wait=True):
    Path(sys.argv[2]).touch()
    time.sleep(60)
"""


@contextmanager
def _taken(port: int = 0) -> Iterator[int]:
    """A loopback port, any or this one, on which this very program listens."""
    with socket.create_server((LOOPBACK, port)) as server:
        yield server.getsockname()[1]


@contextmanager
def _without_rights() -> Iterator[None]:
    """Root may write everywhere; as nobody it may not."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_taken_port_is_told_with_its_holder_and_the_option_that_helps() -> None:
    with _taken() as port, pytest.raises(StackError) as refused:
        require_free([*free_ports(1), port])
    assert refused.value.sentence.startswith(f"Port {port} jest zajęty przez program ")
    assert f"(pid {os.getpid()})" in refused.value.sentence
    assert "--port" in refused.value.remedy


def test_port_that_was_just_left_counts_as_free() -> None:
    with _taken() as port, socket.create_connection((LOOPBACK, port)):
        pass
    require_free([port])


def test_port_out_of_range_is_told() -> None:
    with pytest.raises(StackError, match="spoza zakresu"):
        require_free([80])


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    require_free(ports)


def test_read_only_data_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with _without_rights(), pytest.raises(StackError) as refused:
        ensure_folder(tmp_path)
    assert refused.value.sentence == f"Nie można zapisywać w katalogu danych {tmp_path}: Permission denied."
    assert "--data" in refused.value.remedy


def test_data_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StackError, match="Nie można zapisywać w katalogu danych"):
        ensure_folder(tmp_path / "file" / "var")


def test_new_data_folder_lets_nobody_look_into_it(tmp_path: Path) -> None:
    assert ensure_folder(tmp_path / "var").stat().st_mode & 0o066 == 0


def test_missing_program_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    with pytest.raises(StackError, match="Brakuje programu nats-server") as refused:
        programs.script("nats-server")
    assert "make install" in refused.value.remedy


def test_missing_postgres_wheel_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(StackError, match="Brakuje programu postgres"):
        programs.postgres("postgres")


@pytest.mark.usefixtures("bare_environment")
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("NATS_URL", "nats://127.0.0.1:{port}"),
        ("TEMPORAL_ADDRESS", "127.0.0.1:{port}"),
        ("DATABASE_URL", "postgresql://somebody:hidden@127.0.0.1:{port}/postgres"),
    ],
)
async def test_server_of_the_environment_that_does_not_answer_is_told_without_its_password(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv(name, address.format(port=port))
    with pytest.raises(StackError) as refused:
        await require_given()
    assert refused.value.sentence == f"Serwer ze zmiennej {name} nie odpowiada (127.0.0.1:{port})."
    assert "hidden" not in str(refused.value)


async def _command(log: Path, *words: str) -> tuple[int, str]:
    """Run `sciezka` with these words: its exit code and what it said."""
    process = await launch(Command((sys.executable, "-m", "stack", *words), env={"PYTHONPATH": str(ROOT)}), log)
    code = await process.wait()
    return code, await asyncio.to_thread(log.read_text, encoding="utf-8")


async def test_second_up_on_one_data_folder_says_so_and_exits_with_1(tmp_path: Path) -> None:
    data = ensure_folder(tmp_path / "var")
    with locked(data / "stack.lock", wait=False) as mine:
        assert mine
        code, said = await _command(tmp_path / "said.log", "up", "--data", str(data))
    assert code == 1
    assert said.splitlines() == [
        f"Błąd: Ścieżka już działa na katalogu danych {data}.",
        "Zakończ ją albo wskaż inny katalog: --data KATALOG.",
    ]


async def test_up_on_a_taken_port_exits_with_1_and_leaves_nothing_running(tmp_path: Path) -> None:
    first = neighbours()
    with _taken(first + 2) as port:
        code, said = await _command(tmp_path / "said.log", "up", "--data", str(tmp_path / "var"), "--port", str(first))
    assert code == 1
    assert said.startswith(f"Błąd: Port {port} jest zajęty")
    assert "Traceback" not in said
    assert not (tmp_path / "var" / "stack.json").exists()


async def test_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    lock, flag = tmp_path / "lock", tmp_path / "held"
    words = (sys.executable, "-c", HOLDER, str(lock), str(flag))
    holder = await launch(Command(words, env={"PYTHONPATH": str(ROOT)}), tmp_path / "holder.log")
    await eventually(flag.exists)
    with locked(lock, wait=False) as mine:
        assert not mine
    holder.send_signal(signal.SIGKILL)
    await holder.wait()
    with locked(lock, wait=False) as mine:
        assert mine


@pytest.mark.usefixtures("bare_environment")
def test_command_without_a_running_system_says_how_to_start_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sciezka", "provision", "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "Uruchom ją: sciezka up." in capsys.readouterr().err
