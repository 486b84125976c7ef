"""A NATS server as somebody might set it up who knows no better: it acknowledges before it writes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from stack import programs
from stack.parts import Command, Part, Running, launch
from stack.ports import free_ports
from stack.probes import jetstream_answers
from stack.secrets import Secrets
from stack.servers.nats import ADMIN, configuration, nats_url
from tests.kit.restartable import Server
from tests.servers import start_ready


@asynccontextmanager
async def unsynced_nats(folder: Path, secrets: Secrets) -> AsyncIterator[Server]:
    """Our configuration without `sync_interval: always`, in a folder of its own."""
    (port,) = free_ports(1)
    config, log = folder / "nats.conf", folder / "nats.log"
    settings = json.loads(configuration(folder / "store", port, secrets))
    del settings["jetstream"]["sync_interval"]
    config.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")

    async def start() -> Running:
        return await launch(Command((str(programs.script("nats-server")), "-c", str(config))), log)

    async def ready() -> bool:
        return await jetstream_answers(nats_url(port), ADMIN, secrets.nats_admin)

    part = Part(name="nats", start=start, ready=ready, log=log)
    server = Server(nats_url(port), part, await start_ready(part))
    try:
        yield server
    finally:
        await server.down()
