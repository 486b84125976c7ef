"""How many dates were compared is told at the end of the run."""

from collections.abc import Callable

import pytest


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    return lambda n: record_property("counted", ("dates compared with the oracle", n))
