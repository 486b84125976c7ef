"""`sciezka rebuild`: a node's lists made anew through its interface, and the workflows of paths, by another process."""

import pytest

from stack import rebuilding
from stack.errors import StackError
from stack.rebuilding import COMPARED, REBUILT, run
from tests.desk.items import kept
from tests.desk.test_live import served
from tests.nodes import Network
from tests.services.applying import registered

__all__ = ["served"]


async def test_it_reads_every_institution_of_the_node_and_tells_how_far_it_is(
    network: Network, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_URL", served)
    application = await registered(network.office("ops-poraj"))
    told: list[tuple[str, int]] = []
    done = await run(network.data, "ops", lambda agency, items: told.append((agency, items)))
    assert done.keys() == {agency.slug for agency in network.bases["ops"].directory.agencies if agency.node == "ops"}
    assert ("ops-poraj", done["ops-poraj"]) in told
    rows = {row["id"] for row in await kept(network.bases["ops"].database("desk"), "ops-poraj")}
    assert application["id"] in rows


async def test_a_node_that_does_not_answer_is_told(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_URL", "http://127.0.0.1:1")
    with pytest.raises(StackError, match="nie odpowiada"):
        await run(network.data, "ops", lambda agency, items: None)


async def test_a_node_that_is_not_in_the_directory_is_refused(network: Network) -> None:
    with pytest.raises(StackError, match="nie zna węzła"):
        await run(network.data, "nowhere", lambda agency, items: None)


async def test_it_compares_the_paths_with_their_workflows(network: Network) -> None:
    await network.office("ops-poraj").send("cis-poraj")
    done = await run(network.data, "path", lambda what, count: None)
    assert done[COMPARED] > 0
    assert done[REBUILT] <= done[COMPARED]


async def test_a_temporal_that_does_not_answer_is_told(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(rebuilding, "_TEMPORAL_SECONDS", 0.5)
    with pytest.raises(StackError, match="Temporal nie odpowiada"):
        await run(network.data, "path", lambda what, count: None)
