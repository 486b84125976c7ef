"""One node as a process: all its services together by default, or one of them."""

import asyncio
import os

import uvloop

from contracts.directory import Directory
from contracts.subjects import PATH_NODE, schemas_of
from services.kit import tracing
from services.kit.settings import Settings
from services.kit.telemetry import configure_logging
from stack.compose import compose, make_base
from stack.errors import StackError
from stack.institutions import read_directory
from stack.parts import YIELDING
from stack.path_node import compose_path
from stack.secrets import read as read_secrets
from stack.serving import serve


def run_node(node: str, port: int, service: str | None = None, host: str = "127.0.0.1") -> None:
    """Serve a node, or one of its services, until SIGTERM. Raises StackError for a name that is not one."""
    configure_logging(node)
    settings = Settings()
    directory = read_directory(settings.data)
    parts = _parts(directory, node, service)
    if node == PATH_NODE:
        os.nice(YIELDING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(node, parts, settings, directory, host, port))


def _parts(directory: Directory, node: str, service: str | None) -> tuple[str, ...]:
    known = (*directory.nodes, PATH_NODE)
    if node not in known:
        raise StackError(f"Spis instytucji nie zna węzła {node}.", f"Znane węzły: {', '.join(known)}.")
    parts = schemas_of(node)
    if service is not None and service not in parts:
        raise StackError(f"Węzeł {node} nie ma usługi {service}.", f"Usługi węzła: {', '.join(parts)}.")
    return parts if service is None else (service,)


async def _serve(
    node: str, parts: tuple[str, ...], settings: Settings, directory: Directory, host: str, port: int
) -> None:
    base = make_base(node, settings, directory, read_secrets(settings.data))
    if node == PATH_NODE:
        app, tasks = compose_path(base)
    else:
        app, tasks = compose(base, parts)
    await base.connect()
    try:
        await serve(app, host, port, tasks)
    finally:
        await base.close()
        await asyncio.to_thread(tracing.close)
