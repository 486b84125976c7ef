"""The desk as its people meet it: a long list beside the same rows without a page, what a page weighs, and how soon a
decision stands on the page that the other side has open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import asyncpg
import httpx2

from bench.measure import Latency
from bench.product import RECEIVER, SENDER, Product
from contracts.directory import Directory
from contracts.sessions import PASSIVE
from rules.limits import limit
from rules.roles import decides
from services.desk.static import build
from services.desk.visitors import LIVE, cookie_name
from tests.desk.browser import page_of

LIST = "/work?order=due"
DECIDED = "Zaakceptowane"
"""What the sender's list says of a referral that was accepted."""

# The copies fall due after what they are copied from, so that the page shows rows of people whom the interface knows.
_FILL = """
    insert into desk.work (agency, id, what, kind, status, urgency, path_id, sender, receiver, unit, version, revision,
        path_version, began_at, due_at, item, deadline)
    select agency, made, what, kind, status, urgency, made, sender, receiver, unit, version, revision,
        path_version, began_at, due, item || jsonb_build_object('id', made, 'path_id', made),
        deadline || jsonb_build_object('due_at', due)
    from (
        select work.*, gen_random_uuid() as made, due_at + row_number() over () * interval '1 minute' as due
        from desk.work, generate_series(1, $2) where agency = $1 and status = 'delivered'
        limit greatest(0, $2 - (select count(*) from desk.work where agency = $1 and status = 'delivered'))
    ) as copied
"""
_BEHIND = "select exists (select from desk.mark where agency = $1)"
_LISTED = """
    select item, deadline from desk.work where agency = $1 and what = 'received' and status = 'delivered'
    order by due_at nulls last, began_at, id limit $2
"""
_COUNTED = """
    select due_at < now(), count(*) from desk.work
    where agency = $1 and what = 'received' and status = 'delivered' group by 1
"""


async def measure_desk(
    product: Product, credentials: dict[str, Any], directory: Directory, *, rows: int, pages: int, decisions: int
) -> dict[str, Any]:
    """What stands in the table about the desk. Raises RuntimeError when a page does not show what it should."""
    async with (
        _at_desk(credentials[RECEIVER], directory[RECEIVER].node) as receiver,
        _at_desk(credentials[SENDER], directory[SENDER].node) as sender,
    ):
        news = Latency.of([await _news(product, sender, receiver) for _ in range(decisions)])
        while await product.receiver.fetchval(_BEHIND, RECEIVER):
            await asyncio.sleep(0.1)
        await product.receiver.execute(_FILL, RECEIVER, rows)
        page, weight = await _page(receiver, rows, pages)
        raw = await _raw(product.receiver, pages)
    return {
        f"work_of_{rows}_p50_ms": (page.p50, raw.p50),
        f"work_of_{rows}_p95_ms": (page.p95, raw.p95),
        "work_page_kb": weight / 1000,
        "assets_kb": sum(len(asset.packed or asset.body) for asset in build().assets.values()) / 1000,
        "decision_seen_p50_ms": news.p50,
        "decision_seen_p95_ms": news.p95,
    }


@asynccontextmanager
async def _at_desk(entry: dict[str, Any], node: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody of this institution who decides, signed in."""
    user = next(user for user in entry["users"] if decides([user["role"]]))
    async with httpx2.AsyncClient(base_url=entry["url"], timeout=60, follow_redirects=True) as http:
        told = await http.post("/api/v1/session", json={key: user[key] for key in ("login", "password")})
        http.cookies.set(cookie_name(node), told.raise_for_status().json()["token"])
        yield http


async def _page(receiver: httpx2.AsyncClient, rows: int, pages: int) -> tuple[Latency, int]:
    """Asked for and answered in full, one after the other; and how many bytes travel for one."""
    seconds = []
    for _ in range(pages):
        begun = perf_counter()
        answer = (await receiver.get(LIST)).raise_for_status()
        seconds.append(perf_counter() - begun)
    counted = int(answer.text.partition("<b>")[2].partition("</b>")[0])
    if counted < rows:
        raise RuntimeError(f"the list counts {counted} rows instead of {rows}")
    return Latency.of(seconds), answer.num_bytes_downloaded


async def _raw(database: asyncpg.Pool, pages: int) -> Latency:
    """What the page shows and counts, read from the same table and written as JSON."""
    size = limit("list_rows", await database.fetchval("select current_date"))
    seconds = []
    for _ in range(pages):
        begun = perf_counter()
        listed = await database.fetch(_LISTED, RECEIVER, size)
        counted = await database.fetch(_COUNTED, RECEIVER)
        items = [{**json.loads(row["item"]), "deadline": json.loads(row["deadline"])} for row in listed]
        json.dumps({"items": items, "counted": [list(row) for row in counted]})
        seconds.append(perf_counter() - begun)
    return Latency.of(seconds)


async def _news(product: Product, sender: httpx2.AsyncClient, receiver: httpx2.AsyncClient) -> float:
    """Seconds from the click that accepts a fresh referral until the sender's open list has fetched that it is."""
    identity = await product.submit()
    await product.delivered()
    form = page_of(await receiver.get(f"/referrals/{identity}")).form(f"/referrals/{identity}/actions/accept")
    async with sender.stream("GET", LIVE) as told:
        words = told.aiter_raw()
        await anext(words)
        begun = perf_counter()
        clicked = asyncio.create_task(receiver.post(form.action, data=form.fields))
        async for word in words:
            if b"event: work" in word and DECIDED in _row(await sender.get("/sent?page=1", headers=_PASSIVE), identity):
                break
        seconds = perf_counter() - begun
        (await clicked).raise_for_status()
        return seconds


_PASSIVE = {PASSIVE: "1"}


def _row(page: httpx2.Response, identity: str) -> str:
    return page.text.partition(f'id="item-{identity}"')[2].partition("</tr>")[0]
