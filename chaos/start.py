"""Starting a system under test, with the servers and the network that the harness puts around it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

import httpx2
from sqlalchemy import make_url

from chaos.history import History
from chaos.netns import network
from chaos.proxy import Proxy
from chaos.running import start
from chaos.servers import Nats, Postgres, Server
from chaos.system import System
from services.kit import crash
from stack.files import ensure_folder
from stack.institutions import ensure_directory
from stack.ports import LOOPBACK, free_ports
from stack.secrets import ensure
from stack.setup import all_nodes
from tests.ports import neighbours
from tests.servers import data_folder

S = TypeVar("S", bound=Server)


@asynccontextmanager
async def system(
    *, crash_at: str = "", own_nats: bool = False, own_postgres: bool = False, apart: bool = False
) -> AsyncIterator[System]:
    """A fresh system, ready; ended by Ctrl-C afterwards.

    `crash_at` as in `services.kit.crash`. `own_nats`, `own_postgres`: the harness runs these servers. `apart`: all but
    the broker is in a network of its own.
    """
    async with AsyncExitStack() as stack:
        data = ensure_folder(stack.enter_context(data_folder()))
        servers = ensure_folder(data.parent / "servers")  # not in `data`: there `up` ends what it did not start
        secrets = ensure(data, all_nodes(ensure_directory(data)))
        port = neighbours()
        cable = await stack.enter_async_context(network(range(port, port + 5))) if apart else None
        environment = {crash.CRASH: crash_at} if crash_at else {}
        nats = proxy = postgres = None
        if own_nats or cable:
            nats = await _started(stack, Nats(servers, secrets))
            proxy = Proxy(free_ports(1)[0], nats.port, cable.outside if cable else LOOPBACK)
            await proxy.start()
            stack.push_async_callback(proxy.stop)
            environment["NATS_URL"] = proxy.url
        if own_postgres:
            postgres = await _started(stack, Postgres(servers, secrets))
            environment["DATABASE_URL"] = postgres.url
        running = await start(data, port, environment=environment, inside=cable.command if cable else ())
        stack.push_async_callback(running.end)
        await running.ready()
        if cable:
            database = make_url(running.record.database_url).port
            assert database is not None
            stack.callback((await cable.door(database)).close)
        http = await stack.enter_async_context(
            httpx2.AsyncClient(timeout=10, limits=httpx2.Limits(max_connections=200))
        )
        history = History(data / "history.jsonl")
        stack.callback(history.close)
        made = System(data, running, http, history, nats, proxy, postgres, cable)
        stack.push_async_callback(made.give_up)
        yield made


async def _started(stack: AsyncExitStack, server: S) -> S:
    await server.start()
    stack.push_async_callback(server.stop)
    return server
