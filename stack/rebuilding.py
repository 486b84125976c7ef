"""The lists of work of a node made anew from its interface, while the node runs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from services.desk.api import Refused, Unreachable
from services.desk.rebuild import rebuild
from services.kit.settings import Settings
from stack.compose import make_base
from stack.desk import edge_url, interface_at, reading_of
from stack.errors import StackError
from stack.institutions import read_directory
from stack.secrets import read as read_secrets

Tell = Callable[[str, int], None]
"""Told the institution and how many of its items were read so far."""


async def run(data: Path, node: str, told: Tell) -> dict[str, int]:
    """How many items each institution of the node has. Raises StackError."""
    directory = read_directory(data)
    if node not in directory.nodes:
        raise StackError(f"Spis instytucji nie zna węzła {node}.", f"Znane węzły: {', '.join(directory.nodes)}.")
    base = make_base(node, Settings(), directory, read_secrets(data))
    reading = reading_of(base, interface_at(edge_url(base)))
    try:
        return {
            agency: await rebuild(reading, base.clock, agency, partial(told, agency)) for agency in reading.agencies
        }
    except (Refused, Unreachable) as error:
        raise StackError(f"Węzeł {node} nie odpowiada.", "Sprawdź: sciezka doctor, i ponów.") from error
    finally:
        await reading.api.close()
        await reading.database.close()
