"""Servers that the harness runs itself instead of `sciezka up`: they stay away as long as a fault says."""

import asyncio
import json
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import nats
from nats.js import JetStreamContext

from stack import programs
from stack.files import log_file, write_private
from stack.parts import Command, Part, Running, launch, stop
from stack.ports import free_ports
from stack.probes import jetstream_answers
from stack.secrets import Secrets
from stack.servers.nats import ADMIN, configuration, nats_url
from stack.servers.postgres import database_url, postgres_part
from tests.servers import start_ready


class Server:
    """A part that the harness runs itself."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._process: Running | None = None

    async def start(self) -> None:
        """Raises StackError when it does not become ready."""
        self._process = await start_ready(self.part)

    async def stop(self) -> None:
        if self._process is not None:
            await stop(self.part, self._process)

    async def kill(self) -> None:
        """As when the machine loses its power."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


class Postgres(Server):
    """A cluster in the folder `data`."""

    def __init__(self, data: Path, secrets: Secrets) -> None:
        (port,) = free_ports(1)
        self.url = database_url(port, secrets.postgres_admin)
        super().__init__(postgres_part(data, port, secrets.postgres_admin))


class Nats(Server):
    """A broker with its store in the folder `data`.

    `jetstream_settings` are put over the generated configuration at the next start; None takes one away.
    """

    def __init__(self, data: Path, secrets: Secrets) -> None:
        (self.port,) = free_ports(1)
        self.store = data / "nats" / "store"
        self.jetstream_settings: dict[str, Any] = {}
        self._data = data
        self._secrets = secrets
        ready = partial(jetstream_answers, nats_url(self.port), ADMIN, secrets.nats_admin)
        super().__init__(Part(name="nats", start=self._launch, ready=ready, log=log_file(data, "nats")))

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def forget(self) -> None:
        """Delete everything it stored. It must be stopped."""
        await asyncio.to_thread(shutil.rmtree, self.store)

    async def copy_to(self, folder: Path) -> None:
        """Copy what it stored. It must be stopped."""
        await asyncio.to_thread(shutil.copytree, self.store, folder)

    async def copy_from(self, folder: Path) -> None:
        """Put an earlier copy in the place of what it stored. It must be stopped."""
        await self.forget()
        await asyncio.to_thread(shutil.copytree, folder, self.store)

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[JetStreamContext]:
        """JetStream as its administrator, who may do everything."""
        client = await nats.connect(nats_url(self.port), user=ADMIN, password=self._secrets.nats_admin)
        try:
            yield client.jetstream()
        finally:
            await client.close()

    async def _launch(self) -> Running:
        settings = json.loads(configuration(self.store, self.port, self._secrets))
        settings["jetstream"] = {
            name: value
            for name, value in (settings["jetstream"] | self.jetstream_settings).items()
            if value is not None
        }
        config = self._data / "nats" / "nats.conf"
        config.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(config, json.dumps(settings, indent=2, ensure_ascii=False))
        argv = (str(programs.script("nats-server")), "-c", str(config))
        return await launch(Command(argv=argv), log_file(self._data, "nats"))
