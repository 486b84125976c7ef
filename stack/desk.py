"""The desk of a node: its pages, and what keeps its list of work up to date."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import httpx2
from starlette.types import ASGIApp

from contracts.directory import Agency
from contracts.subjects import DESK
from services.desk import handlers, live, marks, reading, rebuild, store
from services.desk.api import Api
from services.desk.app import desk_app
from services.desk.context import Desk
from services.desk.hearing import Hearing
from services.desk.live import Hub
from services.desk.reading import Reading, reader_token
from services.desk.refresh import Refresher
from services.kit.outbox import OWN_CHANGES
from services.kit.wake import Listener
from stack.credentials import credentials_path, read_credentials
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.compose import Base

Task = Coroutine[Any, Any, None]


def interface_in_process(interface: ASGIApp) -> Api:
    """The node's interface, called where it runs."""
    transport = httpx2.ASGITransport(app=interface)
    return Api(httpx2.AsyncClient(transport=transport, base_url="http://node/api/v1"))


def interface_at(url: str) -> Api:
    """The node's interface in another process."""
    return Api(httpx2.AsyncClient(base_url=f"{url}/api/v1"))


def edge_url(base: "Base") -> str:
    """Where the interface of this node is. Raises StackError when nothing tells."""
    if base.settings.edge_url is not None:
        return base.settings.edge_url
    if credentials_path(base.settings.data).exists():
        entries = read_credentials(base.settings.data)
        return next(str(entries[agency.slug]["url"]) for agency in _home(base))
    raise StackError(
        "Nie wiadomo, gdzie jest węzeł dla stron.", "Podaj jego adres w EDGE_URL albo uruchom: sciezka setup."
    )


def _home(base: "Base") -> list[Agency]:
    return [agency for agency in base.directory.agencies if agency.node == base.node]


def reading_of(base: "Base", api: Api) -> Reading:
    """What the list of work is read with."""
    password = base.secrets.database_password(base.node, DESK)
    agencies = tuple(agency.slug for agency in _home(base))
    return Reading(base.node, api, base.database(DESK), lambda agency: reader_token(password, agency), agencies)


def compose_desk(base: "Base", api: Api, listener: Listener) -> tuple[ASGIApp, list[Task]]:
    """The pages, and the tasks behind them."""
    work, hub = reading_of(base, api), Hub()
    listener.hear(store.CHANNEL, hub.heard)
    hearing = Hearing(work.database, work.agencies)
    listener.hear(OWN_CHANGES, hearing.heard)
    desk = Desk(
        node=base.node,
        directory=base.directory,
        training=base.settings.training,
        api=api,
        database=work.database,
        clock=base.clock,
        parts={reading.PART: work, live.PART: hub},
    )
    tasks = [
        handlers.run(base.node, base.broker, work.database, work.agencies),
        hearing.run(),
        Refresher(work, base.clock, listener.bell(marks.CHANNEL)).run(),
        rebuild.run(work, base.clock, base.broker),
    ]
    return desk_app(desk), tasks
