"""Fixtures for all tests: the real servers, each started when the first test asks for it, and nodes on them.

What a test has counted, and says with `record_property("counted", (what, n))`, is summed up at the end of the run.
"""

from collections import Counter

import pytest
from hypothesis import settings

from tests.loops import _asyncio_loop_factory
from tests.nodes import network
from tests.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.servers import nats_server, postgres_server, server_data, temporal_server

__all__ = [
    "_asyncio_loop_factory",
    "nats_server",
    "network",
    "postgres_server",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "server_data",
    "temporal_server",
]

settings.register_profile("any machine", deadline=None)  # how fast the machine is says nothing about what is tested
settings.load_profile("any machine")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "counted":
                what, n = value
                counted[what] += n
    for what, n in sorted(counted.items()):
        terminalreporter.write_line(f"{n:,} {what}")
