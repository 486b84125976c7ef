"""Loopback ports: which are free, and who holds one that is not."""

import random
import socket
from collections.abc import Iterable

from stack.errors import StackError
from stack.processes import listener

LOOPBACK = "127.0.0.1"
_CHOICE = range(20_000, 32_000)
"""Below the ranges from which systems give ports to outgoing connections, so that a restart finds its port free."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections still closing do not count
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> tuple[int, ...]:
    """`count` different free loopback ports, chosen at random so that two stacks that start together do not meet.

    Raises StackError when there are not enough.
    """
    found: list[int] = []
    for port in random.sample(_CHOICE, len(_CHOICE)):
        if len(found) == count:
            return tuple(found)
        if is_free(port):
            found.append(port)
    raise StackError("Brakuje wolnych portów na tej maszynie.", "Zakończ zbędne programy i spróbuj ponownie.")


def require_free(ports: Iterable[int]) -> None:
    """Raises StackError for the first port of these that is taken, naming the program that holds it if it can."""
    for port in ports:
        if not 1024 <= port <= 65_535:
            raise StackError(f"Port {port} jest spoza zakresu 1024-65535.", "Podaj inny port: --port NUMER.")
        if not is_free(port):
            raise StackError(
                f"Port {port} jest zajęty{_holder(port)}.", "Zakończ ten program albo podaj inny port: --port NUMER."
            )


def _holder(port: int) -> str:
    found = listener(port)
    return f" przez program {found[0]} (pid {found[1]})" if found else ""
