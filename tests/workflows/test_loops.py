"""Work that goes on whatever is down."""

import pytest
from temporalio.service import RPCError, RPCStatusCode

from workflows.loops import for_ever


class Fault(Exception):
    """No dependency's failure."""


@pytest.mark.parametrize("down", [ConnectionRefusedError(), RPCError("away", RPCStatusCode.UNAVAILABLE, b"")])
async def test_a_dependency_that_is_down_costs_a_pause_and_a_fault_is_raised(down: Exception) -> None:
    outcomes = [down, down, None, down, Fault()]

    async def step() -> None:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome

    with pytest.raises(Fault):
        await for_ever("test", step)
    assert outcomes == []
