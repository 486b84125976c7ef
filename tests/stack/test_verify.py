"""`sciezka verify`: what was done to one end of a link, in Polish words, from databases or from exported files."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from stack.chains import End
from stack.errors import StackError
from stack.verify import LinkFinding, NodeChains, differences, exported, imported, load
from tests.nodes import Network, eventually
from tests.stack.test_chains import mark, sound


def nodes() -> tuple[NodeChains, NodeChains]:
    entries = sound(5)
    one, other = NodeChains("ops"), NodeChains("cis")
    one.written["cis", "intake"] = End(entries, mark(entries))
    one.receipts["cis", "intake"] = mark(entries)
    other.read["ops", "intake"] = End(entries, mark(entries))
    other.written["ops", "referral"] = End(entries, mark(entries))
    one.read["cis", "referral"] = End(entries[:3], mark(entries[:3]))
    return one, other


def test_two_nodes_that_tell_the_same_have_no_findings() -> None:
    assert differences(*nodes()) == []
    assert differences(*reversed(nodes())) == []


def test_a_finding_is_a_polish_sentence_with_link_number_event_and_side() -> None:
    one, other = nodes()
    entries = sound(5)
    other.read["ops", "intake"] = End(entries[:2] + entries[3:], mark(entries))
    (found,) = differences(one, other)
    assert found.sentence == (
        f"ops → cis, intake, numer 3: zdarzenie {entries[2].id} brakuje go po stronie odbiorcy (cis)."
    )


def test_an_exported_chain_tells_the_same_as_the_database_it_came_from(tmp_path: Path) -> None:
    one, _ = nodes()
    (tmp_path / "ops.chain").write_text(exported(one))
    assert imported(tmp_path / "ops.chain") == one


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"node": "ops", "written": [{}], "read": [], "receipts": []}'])
def test_a_file_that_holds_no_chain_is_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)
    with pytest.raises(StackError):
        imported(tmp_path / "x")


async def test_a_body_changed_in_a_database_is_found_and_nothing_else(network: Network) -> None:
    referral = await network.office("ops-poraj").send("cis-poraj")
    await network.office("cis-poraj").has(referral["id"])
    await eventually(lambda: is_seen(network, referral["id"]))  # the last news of it: nothing more is on the road
    await eventually(lambda: agree(network))
    database = network.bases["ops"].database("intake")
    async with database.transaction() as session:
        query = "select pos, linkseq, body from outbox where target = 'cis' order by linkseq desc limit 1"
        row = (await session.execute(text(query))).one()
        await write_body(session, row.pos, row.body.replace(b"normal", b"urgent"))
    try:
        (found,) = await compared(network)
    finally:
        async with database.transaction() as session:
            await write_body(session, row.pos, row.body)
    assert (found.source, found.target, found.family) == ("ops", "cis", "intake")
    assert (found.finding.kind, found.finding.side, found.finding.seq) == ("changed", "writer", row.linkseq)
    assert await compared(network) == []


async def compared(network: Network) -> list[LinkFinding]:
    return differences(await load(network.data, "ops"), await load(network.data, "cis"))


async def is_seen(network: Network, referral_id: str) -> bool:
    found = await network.office("ops-poraj").get(referral_id)
    return found is not None and found["times"]["seen"] is not None


async def agree(network: Network) -> bool:
    return await compared(network) == []


async def write_body(session: AsyncSession, pos: int, body: bytes) -> None:
    await session.execute(text("update outbox set body = :body where pos = :pos"), {"body": body, "pos": pos})
