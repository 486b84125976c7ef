"""The composition of the path node: the bridge from events, Temporal's side of it, and the landing page."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.kit import retention
from services.kit.requests import SILENT, Requests
from services.kit.wake import Listener
from stack.compose import Base, Task
from stack.ends import reading_end, writing_end
from stack.landing import add_landing
from stack.operations import add_operations
from workflows import reflow, rulebook, scan, telling
from workflows.bridge import handlers
from workflows.store import UNTOLD_CHANNEL, WAKE_CHANNEL
from workflows.worker import run_temporal


def compose_path(base: Base) -> tuple[ASGIApp, list[Task]]:
    """The application and the tasks of the path node."""
    service = base.service("path")
    listener = Listener(service.database.url)
    tasks: list[Task] = [
        base.read("path", handlers(service), listener),
        base.relay("path", listener).run(),
        run_temporal(service, base.settings.temporal_address, listener.bell(WAKE_CHANNEL)),
        scan.run(service),
        telling.run(service, listener.bell(UNTOLD_CHANNEL)),
        reflow.run(service, listener.bell(rulebook.CHANNEL)),
        *writing_end(service, base.talk, telling.untold_since),
        *reading_end(service, base.talk, base.arrived("path")),
        retention.run(service, retention.ARRIVED_FACTS),
        listener.run(),
    ]
    app = FastAPI(title="Ścieżka: path", docs_url=None, redoc_url=None, openapi_url=None, telemetry=SILENT)
    add_landing(app, base.settings, base.directory)
    add_operations(app, base.node, base.broker, base.databases, [base.syncing()])
    return Requests(app, base.node), tasks
