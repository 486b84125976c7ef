"""The composition of the path node: the bridge from events, Temporal's side of it, and the landing page."""

from fastapi import FastAPI

from services.kit.outbox import outbox_channel
from services.kit.wake import Listener
from stack.compose import Base, Task
from stack.operations import add_operations
from workflows.bridge import handlers


async def compose_path(base: Base) -> tuple[FastAPI, list[Task]]:
    """The application and the tasks of the path node."""
    service = base.service("path")
    listener = Listener(service.database.url)
    base.read("path", handlers(service))
    tasks: list[Task] = [listener.run(), base.relay("path", listener).run()]
    app = FastAPI(title="Ścieżka: path", docs_url=None, redoc_url=None, openapi_url=None)
    add_operations(app, base.node, base.broker, base.databases)
    return app, tasks
