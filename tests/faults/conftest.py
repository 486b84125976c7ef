"""One running system for the quick faults, whose broker the tests command."""

from collections.abc import AsyncIterator

import pytest_asyncio

from chaos.start import system
from chaos.system import System


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def running() -> AsyncIterator[System]:
    async with system(own_nats=True) as running:
        yield running
