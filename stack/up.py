"""`sciezka up`: from checks to a running system, watched until it is told to end."""

import asyncio
import os
import signal
from pathlib import Path

from contracts.subjects import PATH_NODE
from stack import record
from stack.embedded import Servers, embedded, require_given
from stack.environment import TRAINING, put
from stack.errors import StackError
from stack.files import ensure_folder, locked
from stack.forks import Zygote
from stack.institutions import ensure_directory
from stack.leftovers import end_leftovers
from stack.nodes import institutions, ports_of, urls_of
from stack.ports import require_free
from stack.processes import process
from stack.secrets import ensure
from stack.supervisor import Supervisor
from stack.voice import Voice


def up(data: Path, port: int, *, empty: bool) -> None:
    """Run the whole system until Ctrl-C, SIGTERM or a closed terminal. Raises StackError."""
    voice = Voice()
    data = ensure_folder(data)
    with locked(data / "stack.lock", wait=False) as mine:
        if not mine:
            raise _already_running(data)
        asyncio.run(_until_told(_Stack(data, port, voice), voice, empty=empty))


def _already_running(data: Path) -> StackError:
    running = record.read(data)
    who = f" (pid {running.pid}, port {running.port})" if running else ""
    return StackError(
        f"Ścieżka już działa na katalogu danych {data}{who}.", "Zakończ ją albo wskaż inny katalog: --data KATALOG."
    )


async def _until_told(stack: "_Stack", voice: Voice, *, empty: bool) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    work = asyncio.create_task(stack.run(empty=empty))
    asked = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        if told.is_set():
            voice.say("kończenie: węzły, potem serwery")
        work.cancel()
        await asyncio.wait({work})
    finally:
        asked.cancel()
        await stack.stop()
    if not work.cancelled():
        work.result()
    voice.say("wszystko zakończone")


class _Stack:
    """One run of the system on one data folder."""

    def __init__(self, data: Path, port: int, voice: Voice) -> None:
        self._data = data
        self._port = port
        self._voice = voice
        self._supervisor = Supervisor(voice.say, self._started)
        self._ports: dict[str, int] = {}
        self._record: record.StackRecord | None = None

    async def run(self, *, empty: bool) -> None:
        """Start everything and watch it; returns only by cancellation or error."""
        with self._voice.working():
            servers = await self._checked()
            zygote = Zygote(self._data, os.environ)
            try:
                async with asyncio.TaskGroup() as together:  # the servers first: what starts later is ended earlier
                    together.create_task(self._serve(servers))
                    together.create_task(self._supervisor.start(zygote.part()))
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
            await self._supervisor.start(*(zygote.node(node, port) for node, port in self._ports.items()))
            if not empty:
                from stack.seed import seed

                await seed(self._data, self._voice.say)
        self._tell_addresses()
        await self._watch()

    async def _watch(self) -> None:
        """Watch the processes, and what NATS must have for them."""
        from stack.setup import keep_provisioned

        keeper = asyncio.create_task(keep_provisioned(self._data, self._tell_mended))
        try:
            await self._supervisor.watch()
        finally:
            keeper.cancel()

    def _tell_mended(self, what: str) -> None:
        self._voice.say(f"nats: poprawiono strumienie ({what})")

    async def stop(self) -> None:
        """End every process, the nodes first."""
        await self._supervisor.stop()
        if self._record is not None:
            record.forget(self._data)

    async def _checked(self) -> Servers:
        await require_given()
        left = await asyncio.to_thread(end_leftovers, self._data)
        if left:
            self._voice.say(f"zakończono to, co zostało po poprzednim uruchomieniu: {', '.join(left)}")
        self._ports = ports_of(ensure_directory(self._data), self._port)
        require_free(self._ports.values())
        servers = embedded(self._data, ensure(self._data, tuple(self._ports)))
        put(self._data, servers.addresses)
        os.environ.setdefault(TRAINING, "1")  # an embedded stack is for learning unless somebody says otherwise
        own = process(os.getpid())
        assert own is not None
        self._record = record.StackRecord(
            pid=os.getpid(),
            created=own.started,
            port=self._port,
            nats_url=servers.addresses.nats,
            temporal_address=servers.addresses.temporal,
            database_url=servers.addresses.database,
        )
        record.write(self._data, self._record)
        return servers

    async def _serve(self, servers: Servers) -> None:
        await self._supervisor.start(*servers.parts)
        from stack.setup import prepare

        await prepare(self._data, urls_of(self._ports))
        self._voice.say("bazy, uprawnienia i strumienie: gotowe")

    def _started(self, name: str, pid: int) -> None:
        assert self._record is not None
        self._record = self._record.with_part(name, pid)
        record.write(self._data, self._record)

    def _tell_addresses(self) -> None:
        self._voice.say("Ścieżka działa")
        urls = urls_of(self._ports)
        desks = [(node, urls[node]) for node in institutions(urls)]
        _, first = desks[0]
        places = [("strona główna", urls[PATH_NODE]), *desks, ("API", f"{first}/docs")]
        places.append(("tokeny, konta", str(self._data / "credentials.json")))
        self._voice.tell(["", *(f"  {name:<13}  {where}" for name, where in places), "", "  Koniec: Ctrl-C", ""])
