"""What holds after all tests of this folder together."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.nodes import Network
from tests.services.database import rows

SERVICES = ("intake", "referral", "paths")


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def nothing_became_a_dead_letter(network: Network) -> AsyncIterator[None]:
    """Whatever the tests sent, every event of it could be handled."""
    yield
    for node in network.bases:
        for service in SERVICES if node != "path" else ("path",):
            dead = f"select cause, subject from {service}.dead_letter where state = 'dead'"
            assert await rows(network, node, dead) == []
