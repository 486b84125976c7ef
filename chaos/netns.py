"""A network of its own for the system: one cable leads to the broker outside, and it can be cut in either direction.

Needs root and iproute2. The nodes' ports are reachable from outside through doors on the same port numbers.
"""

import asyncio
import ctypes
import itertools
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stack.ports import LOOPBACK

_NEW_NETWORK = 0x40000000
_CHUNK = 65_536
_numbers = itertools.count(os.getpid())


def is_possible() -> bool:
    """Whether this process may make networks: root, iproute2, and a kernel that lets it."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    return subprocess.run(["ip", "netns", "list"], capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class Network:
    """`outside` is the address of this machine on the cable, `inside` that of the system's network."""

    name: str
    inside: str
    outside: str

    @property
    def command(self) -> tuple[str, ...]:
        """Put before a command to run it in this network."""
        return ("ip", "netns", "exec", self.name)

    def cut(self) -> None:
        """Nothing passes in either direction."""
        _ip("link", "set", f"{self.name}-o", "down")

    def cut_answers(self) -> None:
        """What the system says still passes; what it is answered does not."""
        _ip("route", "add", "blackhole", f"{self.inside}/32")

    def mend(self) -> None:
        """Both directions are open again."""
        with suppress(subprocess.CalledProcessError):
            _ip("route", "del", "blackhole", f"{self.inside}/32")
        _ip("link", "set", f"{self.name}-o", "up")

    async def door(self, port: int) -> asyncio.Server:
        """Listens on this loopback port outside and passes on to the same port inside."""

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                end = await asyncio.to_thread(self._connected, port)
                far_reader, far_writer = await asyncio.open_connection(sock=end)
            except OSError:
                writer.transport.abort()
                return
            await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))

        return await asyncio.start_server(accept, LOOPBACK, port)

    def _connected(self, port: int) -> socket.socket:
        """A connection made inside. In a thread of its own: only that thread changes its network, and it ends here."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as home, Path(f"/run/netns/{self.name}").open() as there:
            _enter(libc, there.fileno())
            try:
                return socket.create_connection((LOOPBACK, port), timeout=5)
            finally:
                _enter(libc, home.fileno())


@asynccontextmanager
async def network(ports: Iterable[int]) -> AsyncIterator[Network]:
    """A network with doors for these ports. Its number is that of this process, so that two runs do not meet."""
    number = next(_numbers) % 256
    made = Network(f"sciezka-{number}", f"10.77.{number}.2", f"10.77.{number}.1")
    near, far = f"{made.name}-o", f"{made.name}-i"
    async with AsyncExitStack() as stack:
        _ip("netns", "add", made.name)
        stack.callback(_ip, "netns", "del", made.name)
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", made.name)
        for command in (("addr", "add", f"{made.outside}/30", "dev", near), ("link", "set", near, "up")):
            _ip(*command)
        for command in (
            ("addr", "add", f"{made.inside}/30", "dev", far),
            ("link", "set", far, "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", made.name, *command)
        for port in ports:
            door = await made.door(port)
            stack.callback(door.close)
        yield made


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()


def _enter(libc: ctypes.CDLL, network: int) -> None:
    if libc.setns(network, _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
