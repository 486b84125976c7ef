"""On which port each node of the directory serves HTTP."""

from collections.abc import Iterable, Mapping

from contracts.directory import Directory
from contracts.subjects import PATH_NODE
from stack.ports import LOOPBACK

_FIRST = ("ops", "pup", "cis", "owes")
"""The default nodes have the same ports in every directory; others follow them."""


def ports_of(directory: Directory, first: int) -> dict[str, int]:
    """Port by node: the path node, with the landing page, on `first`; institutions' nodes on the ones after it."""
    known = [node for node in _FIRST if node in directory.nodes]
    others = [node for node in directory.nodes if node not in _FIRST]
    return {node: first + offset for offset, node in enumerate((PATH_NODE, *known, *others))}


def urls_of(ports: Mapping[str, int]) -> dict[str, str]:
    """HTTP address by node."""
    return {node: f"http://{LOOPBACK}:{port}" for node, port in ports.items()}


def institutions(nodes: Iterable[str]) -> list[str]:
    """The nodes that institutions work on: all but the path node."""
    return [node for node in nodes if node != PATH_NODE]
