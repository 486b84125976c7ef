"""Fixtures of the tests of the stack."""

import pytest

from stack.environment import DATA, DATABASE, NATS, TEMPORAL, TRAINING


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing about servers in the environment, and none of what the test leaves there stays."""
    for name in (DATA, DATABASE, NATS, TEMPORAL, TRAINING):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
