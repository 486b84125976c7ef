"""PostgreSQL from the wheel: a cluster with checksums, passwords only, small memory, durable commits."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from stack import programs
from stack.errors import StackError
from stack.files import log_file, open_log
from stack.parts import Command, Part, Running, launch
from stack.ports import LOOPBACK
from stack.probes import postgres_answers
from stack.processes import words_of

NAME = "postgres"
ADMIN = "postgres"
ACCOUNT = "sciezka-db"
"""PostgreSQL refuses to run as root, so for root it runs as this account of the operating system."""

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "synchronous_commit": "on",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "io_method": "sync",  # no extra worker processes: memory counts more than prefetching here
    # Failed statements and their values may hold personal data: only the server's own life is logged.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def database_url(port: int, password: str) -> str:
    """The administrator's address of the cluster."""
    return f"postgresql://{ADMIN}:{password}@{LOOPBACK}:{port}/postgres"


def cluster_folder(data: Path) -> Path:
    return data / NAME / "cluster"


def postgres_part(data: Path, port: int, password: str) -> Part:
    """The server on this port; a cluster that does not exist yet is made at the first start. Raises StackError."""
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    argv = (str(programs.postgres("postgres")), "-D", str(cluster_folder(data)), "-p", str(port), *settings)
    return Part(
        name=NAME,
        start=partial(_start, data, argv, password),
        ready=partial(postgres_answers, database_url(port, password)),
        log=log_file(data, NAME),
        stop_signal=signal.SIGINT,  # fast shutdown: SIGTERM would wait for every client to leave
    )


async def _start(data: Path, argv: tuple[str, ...], password: str) -> Running:
    user = await asyncio.to_thread(_prepare, data, password)
    return await launch(Command(argv=argv, user=user), log_file(data, NAME))


def _prepare(data: Path, password: str) -> str | None:
    """Make the folder, the account and the cluster, as far as missing; returns the account to run as, or None."""
    home = data / NAME
    home.mkdir(mode=0o700, exist_ok=True)
    user = None
    if os.geteuid() == 0:
        user = ACCOUNT
        _hand_over(home, user)
    if cluster_folder(data).exists():
        _forget_stale_pid(cluster_folder(data) / "postmaster.pid")
    else:
        _make_cluster(data, user, password)
    return user


def _hand_over(home: Path, user: str) -> None:
    """Give the folder to the account, and let it pass through the folders above and those of the programs."""
    try:
        pwd.getpwnam(user)
    except KeyError:
        _add_account(user)
    shutil.chown(home, user, user)
    for folder in {*home.resolve().parents, *programs.postgres("postgres").resolve().parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _add_account(user: str) -> None:
    """A system account without a home, a password or a shell. Raises StackError."""
    try:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", user],
            env={"PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"},
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise StackError(
            f"Nie udało się założyć konta systemowego {user}, a PostgreSQL nie działa jako root.",
            f"Załóż je poleceniem: useradd --system --user-group {user}, albo uruchom jako zwykły użytkownik.",
        ) from error


def _make_cluster(data: Path, user: str | None, password: str) -> None:
    """initdb beside the final place, then a rename: a cluster that exists is whole. Raises StackError."""
    home = data / NAME
    for unfinished in home.glob("new-*"):
        shutil.rmtree(unfinished)
    with tempfile.TemporaryDirectory(dir=home, prefix="new-") as work:
        secret = Path(work) / "password"
        secret.touch(mode=0o600)
        secret.write_text(password, encoding="utf-8")
        if user is not None:
            shutil.chown(work, user, user)
            shutil.chown(secret, user, user)
        output = open_log(log_file(data, NAME))
        try:
            done = subprocess.run(
                [programs.postgres("initdb"), "-D", f"{work}/cluster", "-U", ADMIN, f"--pwfile={secret}",
                 "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                user=user, group=user, extra_groups=() if user else None,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}, cwd=work, check=False,
            )  # fmt: skip
        finally:
            os.close(output)
        if done.returncode != 0:
            raise StackError("Nie udało się założyć bazy PostgreSQL.", f"Przyczyna: {log_file(data, NAME)}.")
        Path(work, "cluster").rename(cluster_folder(data))


def _forget_stale_pid(path: Path) -> None:
    """Remove the pid file of a server that was killed when another program has its pid now.

    PostgreSQL itself would take that program for a running server and refuse to start.
    """
    if path.exists():
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        if not first.isdecimal() or str(path.parent) not in words_of(int(first)):
            path.unlink()
