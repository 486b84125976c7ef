"""The line of one node can be cut, in one direction or both, and what waited goes on when it is mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest_asyncio

from chaos.proxy import ANSWERING, ASKING, Proxy
from stack.ports import LOOPBACK, free_ports

QUIET_SECONDS = 0.3


@pytest_asyncio.fixture(loop_scope="session")
async def line() -> AsyncIterator[tuple[Proxy, int]]:
    """A proxy before a server that greets like a broker and says everything back, and the proxy's port."""
    port, upstream = free_ports(2)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"INFO {}\r\n")
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(echo, LOOPBACK, upstream)
    proxy = Proxy(port, upstream)
    await proxy.start()
    yield proxy, port
    await proxy.stop()
    server.close()


async def connected(port: int, user: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    assert await reader.readline() == b"INFO {}\r\n"
    writer.write(b'CONNECT {"user": "%s"}\r\n' % user.encode())
    return reader, writer


async def quiet(reader: asyncio.StreamReader) -> bool:
    """Nothing comes for a while."""
    try:
        async with asyncio.timeout(QUIET_SECONDS):
            await reader.readline()
    except TimeoutError:
        return True
    return False


async def test_what_is_written_into_a_cut_line_arrives_when_it_is_mended(line: tuple[Proxy, int]) -> None:
    proxy, port = line
    reader, writer = await connected(port, "ops")
    await reader.readline()
    proxy.cut("ops", ASKING, ANSWERING)
    writer.write(b"letter\r\n")
    assert await quiet(reader)
    proxy.mend("ops")
    assert await reader.readline() == b"letter\r\n"
    writer.close()


async def test_a_cut_line_is_that_of_one_node_only(line: tuple[Proxy, int]) -> None:
    proxy, port = line
    proxy.cut("ops", ASKING)
    reader, writer = await connected(port, "pup")
    assert b"CONNECT" in await reader.readline()
    writer.close()


async def test_a_new_connection_on_a_cut_line_gets_no_answer(line: tuple[Proxy, int]) -> None:
    proxy, port = line
    proxy.cut("ops", ANSWERING)
    reader, writer = await connected(port, "ops")
    assert await quiet(reader)
    writer.close()


async def test_breaking_off_ends_every_connection_of_the_node(line: tuple[Proxy, int]) -> None:
    proxy, port = line
    reader, writer = await connected(port, "ops")
    await reader.readline()
    proxy.break_off("ops")
    async with asyncio.timeout(5):
        with suppress(ConnectionResetError):
            assert await reader.readline() == b""
    writer.close()
