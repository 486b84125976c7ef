"""The desk's own tables hold ids and codes: whatever is done on its pages, no person is in them."""

from collections.abc import Iterable
from functools import partial

from tests.desk.browser import Browser
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.database import administrator

TABLES = "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'desk'"
NAME, NOTE = "Kanarkowska-Stołowa", "kanarek w uzasadnieniu odmowy"


async def _kept(network: Network, node: str) -> str:
    """Every row of every table of the desk of a node."""
    async with administrator(network, node) as connection:
        names = [row[0] for row in await connection.fetch(TABLES)]
        rows = [await connection.fetch(f"select t::text from {name} t") for name in names]
    return "\n".join(row[0] for each in rows for row in each)


async def _found(network: Network, referral: str, words: Iterable[str]) -> list[str]:
    """Which of these words the desks of both sides keep; the referral itself they do."""
    kept = [await _kept(network, node) for node in ("ops", "cis")]
    assert all(referral in each for each in kept)
    return [word for word in words if any(word in each for each in kept)]


async def _named(browser: Browser, address: str) -> bool:
    return NAME in (await browser.open(address)).text


async def test_what_is_done_at_two_desks_leaves_no_person_in_their_tables(network: Network, at_desk: SignedIn) -> None:
    ops, worker = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    head = await at_desk("cis-poraj", "CIS_HEAD")
    person = ops.body("cis-poraj")["client"] | {"family_name": NAME}
    sent = await ops.send("cis-poraj", client=person)
    await network.office("cis-poraj").has(sent["id"])
    await worker.send((await worker.open("/referrals/new")).form("/referrals/new"), who=person["pesel"])
    await worker.http.post("/clients", data=(await worker.open("/clients")).form("/clients").fields | {"q": NAME})
    address = f"/referrals/{sent['id']}/actions"
    await head.send((await head.open(f"/referrals/{sent['id']}")).form(f"{address}/claim"))
    lists = [(worker, "/sent?page=1"), (head, "/work?order=newest"), (head, "/inbox?order=newest")]
    for browser, address_of_list in lists:
        await eventually(partial(_named, browser, address_of_list))
    words = (NAME, NOTE, person["pesel"], person["phone"])
    assert await _found(network, sent["id"], words) == []
    form = (await head.open(f"/referrals/{sent['id']}")).form(f"{address}/decline")
    declined = await head.send(form, reason="other", note=NOTE)
    assert declined.address == f"/referrals/{sent['id']}"
    await ops.has(sent["id"], status="declined")
    assert await _found(network, sent["id"], words) == []
