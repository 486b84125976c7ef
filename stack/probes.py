"""Questions to running servers, each answered within a few seconds: yes or no."""

import asyncio

import asyncpg
import nats
from asyncpg.exceptions import InterfaceError, PostgresError
from nats.aio.client import Client as NatsClient
from nats.errors import Error as NatsError

from stack.ports import LOOPBACK

SECONDS = 3.0
"""How long one question may take."""


async def accepts(host: str, port: int) -> bool:
    """Whether anything takes a TCP connection there."""
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def http_answers(port: int, path: str) -> bool:
    """Whether GET on this loopback port answers 200. A bare request: the supervisor needs no HTTP library."""
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())
                status = (await reader.readline()).split()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return len(status) > 1 and status[1] == b"200"


async def postgres_answers(url: str) -> bool:
    """Whether PostgreSQL takes a connection at this address and runs a query."""
    try:
        async with asyncio.timeout(SECONDS):
            connection = await asyncpg.connect(url, timeout=SECONDS)
            try:
                return bool(await connection.fetchval("SELECT 1") == 1)
            finally:
                await connection.close()
    except (OSError, TimeoutError, PostgresError, InterfaceError):
        return False


async def jetstream_answers(url: str, user: str, password: str) -> bool:
    """Whether NATS lets this user in and JetStream answers."""
    try:
        async with asyncio.timeout(SECONDS):
            client = await ask_nats(url, user, password)
            try:
                await client.jetstream().account_info()
            finally:
                await client.close()
    except (OSError, TimeoutError, NatsError):
        return False
    return True


async def ask_nats(url: str, user: str, password: str) -> NatsClient:
    """A connection for one question: not tried for long, not renewed. Raises NatsError, OSError or TimeoutError."""
    return await nats.connect(
        url,
        user=user,
        password=password,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0,
        connect_timeout=2,
        error_cb=_silent,
    )


async def _silent(_error: Exception) -> None:
    """A refusal is the answer here, not an event to print."""
