"""NATS with JetStream from the wheel: every write synced, a user per node with exactly its rights, nobody else."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from contracts.subjects import rights_of
from services.kit import watch
from stack import programs
from stack.files import log_file, write_private
from stack.parts import Command, Part, Running, launch
from stack.ports import LOOPBACK
from stack.probes import jetstream_answers
from stack.secrets import Secrets

NAME = "nats"
ADMIN = "admin"
_SYSTEM = "SYS"


def nats_url(port: int) -> str:
    """The server's address, without a user: each client brings its own name and password."""
    return f"nats://{LOOPBACK}:{port}"


def nats_part(data: Path, port: int, secrets: Secrets) -> Part:
    """The server on this port, with a user for every node that the secrets know. Raises StackError."""
    config = data / NAME / "nats.conf"
    argv = (str(programs.script("nats-server")), "-c", str(config))
    return Part(
        name=NAME,
        start=partial(_start, data, argv, configuration(data / NAME / "store", port, secrets)),
        ready=partial(jetstream_answers, nats_url(port), ADMIN, secrets.nats_admin),
        log=log_file(data, NAME),
    )


def write_configuration(target: Path, store: Path, secrets: Secrets) -> None:
    """The configuration of a server in a container: on all its addresses, asked about its health only from within."""
    settings = json.loads(configuration(store, 4222, secrets))
    write_private(target, _written(settings | {"host": "0.0.0.0", "http": f"{LOOPBACK}:8222"}))


def configuration(store: Path, port: int, secrets: Secrets) -> str:
    """The configuration file. NATS reads a superset of JSON, so that nothing needs an escape of its own."""
    users: list[dict[str, object]] = [{"user": ADMIN, "password": secrets.nats_admin}]
    for node in secrets.nodes:
        rights = rights_of(node)
        permissions = {"publish": _allow(rights.publish), "subscribe": _allow(rights.subscribe)}
        users.append({"user": node, "password": secrets.nats_password(node), "permissions": permissions})
    return _written(
        {
            "server_name": "sciezka",
            "host": LOOPBACK,
            "port": port,
            "jetstream": {"store_dir": str(store), "sync_interval": "always"},
            "authorization": {"users": users},
            "accounts": {_SYSTEM: {"users": [_watcher(secrets)]}},
            "system_account": _SYSTEM,
        }
    )


def _watcher(secrets: Secrets) -> dict[str, object]:
    """Who may ask the server how it is set, and nothing else."""
    return {
        "user": watch.USER,
        "password": watch.watch_password(secrets.nats_admin),
        "permissions": {"publish": _allow((watch.SUBJECT,)), "subscribe": _allow((f"{watch.INBOX}.>",))},
    }


def _written(settings: Mapping[str, object]) -> str:
    """As JSON with letters as they are: NATS does not know the escapes that JSON has for them."""
    return json.dumps(settings, indent=2, ensure_ascii=False)


def _allow(subjects: Sequence[str]) -> dict[str, list[str]]:
    return {"allow": list(subjects)}


async def _start(data: Path, argv: tuple[str, ...], text: str) -> Running:
    (data / NAME).mkdir(mode=0o700, exist_ok=True)
    write_private(data / NAME / "nats.conf", text)
    return await launch(Command(argv=argv, env={"GOMEMLIMIT": "200MiB"}), log_file(data, NAME))
