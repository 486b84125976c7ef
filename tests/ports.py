"""Neighbouring ports for a whole system: its landing page and the nodes after it."""

from stack.ports import free_ports, is_free

COUNT = 5


def neighbours() -> int:
    """The first of five free ports in a row, from the range that no outgoing connection is given."""
    while True:
        (first,) = free_ports(1)
        if all(is_free(port) for port in range(first, first + COUNT)):
            return first
