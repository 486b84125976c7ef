"""Fixtures of the path node's tests."""

from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest_asyncio
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from contracts.ids import workflow_id
from services.kit.service import Service
from tests.servers import EmbeddedServer, data_folder, running_temporal
from tests.workflows.databases import make_template, path_service
from tests.workflows.skipping import time_skipping
from workflows.worker import connect


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server whose time passes only when a test says so."""
    async with time_skipping() as environment:
        yield environment


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def path_temporal() -> AsyncIterator[EmbeddedServer]:
    """A Temporal server of these tests alone: on the common one, a path node may be at work on the same queue."""
    with data_folder() as data:
        async with running_temporal(data) as server:
            yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def path_template(postgres_server: EmbeddedServer) -> str:
    """The address of the cluster, once it holds the migrated template."""
    await make_template(postgres_server.address)
    return postgres_server.address


@pytest_asyncio.fixture(loop_scope="session")
async def service(path_template: str) -> AsyncIterator[Service]:
    """The path service on an empty database of its own."""
    async with path_service(path_template) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(path_temporal: EmbeddedServer) -> Client:
    return await connect(path_temporal.address)


@pytest_asyncio.fixture(loop_scope="session")
async def path_id(client: Client) -> AsyncIterator[UUID]:
    """A path of its own, whose workflow is ended after the test."""
    path_id = uuid4()
    yield path_id
    with suppress(RPCError):  # a test need not have started it
        await client.get_workflow_handle(workflow_id(path_id)).terminate()
