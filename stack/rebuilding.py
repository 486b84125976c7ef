"""What can be lost without harm made anew while the nodes run: a node's lists of work, and the workflows of paths."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from temporalio.service import RPCError

from contracts.subjects import PATH_NODE
from services.desk.api import Refused, Unreachable
from services.desk.rebuild import rebuild
from services.kit.settings import Settings
from stack.compose import Base, make_base
from stack.desk import edge_url, interface_at, reading_of
from stack.errors import StackError
from stack.institutions import read_directory
from stack.secrets import read as read_secrets
from workflows.reconcile import Restored, restore
from workflows.worker import connect

Tell = Callable[[str, int], None]
"""Told the institution and how many of its items were read so far; of paths, how many were compared so far."""

_TEMPORAL_SECONDS = 10.0

COMPARED, REBUILT = "compared", "rebuilt"


async def run(data: Path, node: str, told: Tell) -> dict[str, int]:
    """How many items each institution of the node has; of the path node, how many workflows. Raises StackError."""
    directory = read_directory(data)
    if node not in (*directory.nodes, PATH_NODE):
        known = ", ".join((*directory.nodes, PATH_NODE))
        raise StackError(f"Spis instytucji nie zna węzła {node}.", f"Znane węzły: {known}.")
    base = make_base(node, Settings(), directory, read_secrets(data))
    return await (_paths(base, told) if node == PATH_NODE else _lists(base, told))


async def _paths(base: Base, told: Tell) -> dict[str, int]:
    def tell(done: Restored) -> None:
        told(COMPARED, done.compared)

    try:
        async with asyncio.timeout(_TEMPORAL_SECONDS):
            client = await connect(base.settings.temporal_address)
        done = await restore(base.service(PATH_NODE), client, tell)
    except (TimeoutError, RPCError) as error:
        raise StackError("Temporal nie odpowiada.", "Sprawdź: sciezka doctor, i ponów.") from error
    finally:
        await base.database(PATH_NODE).close()
    return {COMPARED: done.compared, REBUILT: done.rebuilt}


async def _lists(base: Base, told: Tell) -> dict[str, int]:
    reading = reading_of(base, interface_at(edge_url(base)))
    try:
        return {
            agency: await rebuild(reading, base.clock, agency, partial(told, agency)) for agency in reading.agencies
        }
    except (Refused, Unreachable) as error:
        raise StackError(f"Węzeł {base.node} nie odpowiada.", "Sprawdź: sciezka doctor, i ponów.") from error
    finally:
        await reading.api.close()
        await reading.database.close()
