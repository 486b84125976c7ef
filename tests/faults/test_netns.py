"""A network of its own: one cable to the outside that can be cut in either direction, and doors to look in."""

import asyncio
import sys

import pytest

from chaos.netns import Network, is_possible, network
from stack.ports import LOOPBACK, free_ports

pytestmark = pytest.mark.skipif(not is_possible(), reason="needs root and iproute2")

ASK = """
import socket, sys
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1) as asked:
        asked.sendall(b"letter")
        print(asked.recv(100).decode())
except OSError:
    print("nothing")
"""
"""Inside: say something to the outside and print the answer."""

SERVE = """
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    print("ready", flush=True)
    server.accept()[0].sendall(b"inside")
"""


async def ask(cable: Network, port: int) -> str:
    """What somebody inside is answered by the server outside."""
    words = (*cable.command, sys.executable, "-c", ASK, cable.outside, str(port))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return output.decode().strip()


async def test_a_cable_can_be_cut_in_both_directions_or_in_one_and_mended() -> None:
    (port,) = free_ports(1)
    heard = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.write(b"answer")
        writer.close()

    async with network([]) as cable:
        server = await asyncio.start_server(answer, cable.outside, port)
        assert await ask(cable, port) == "answer"
        cable.cut()
        assert await ask(cable, port) == "nothing"
        cable.mend()
        assert await ask(cable, port) == "answer"
        cable.cut_answers()
        assert await ask(cable, port) == "nothing"
        cable.mend()
        assert await ask(cable, port) == "answer"
        server.close()
    assert heard == [b"letter"] * 3


async def test_a_door_leads_to_the_same_port_inside() -> None:
    (port,) = free_ports(1)
    async with network([port]) as cable:
        words = (*cable.command, sys.executable, "-c", SERVE, str(port))
        server = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        assert server.stdout is not None
        assert await server.stdout.readline() == b"ready\n"
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        assert await reader.read(100) == b"inside"
        writer.close()
        await server.wait()
