"""Fixtures for all tests: the real servers, each started when the first test asks for it, and nodes on them."""

from tests.nodes import network
from tests.servers import nats_server, postgres_server, server_data, temporal_server

__all__ = ["nats_server", "network", "postgres_server", "server_data", "temporal_server"]
