"""Fixtures of the tests of the stack."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from stack.environment import DATA, DATABASE, NATS, TEMPORAL, TRAINING
from stack.institutions import ensure_directory
from stack.migrations import migrate
from stack.provisioning import provision
from stack.servers.nats import ADMIN
from tests.servers import NODES, data_folder, running_nats, running_postgres, running_temporal
from tests.stack.doctors import Servers


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing about servers in the environment, and none of what the test leaves there stays."""
    for name in (DATA, DATABASE, NATS, TEMPORAL, TRAINING):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers() -> AsyncIterator[Servers]:
    """All three, with databases and streams made. A test leaves them as it found them."""
    with data_folder() as data:
        ensure_directory(data)
        async with running_postgres(data) as postgres, running_nats(data) as nats, running_temporal(data) as temporal:
            await migrate(postgres.address, NODES, postgres.secrets)
            await provision(nats.address, ADMIN, nats.secrets.nats_admin, NODES)
            yield Servers(data, postgres, nats, temporal)


@pytest.fixture
def surroundings(bare_environment: None, monkeypatch: pytest.MonkeyPatch, servers: Servers) -> Path:
    """An environment that names the running servers; the data folder with their passwords."""
    monkeypatch.setenv(DATABASE, servers.postgres.address)
    monkeypatch.setenv(NATS, servers.nats.address)
    monkeypatch.setenv(TEMPORAL, servers.temporal.address)
    return servers.data
