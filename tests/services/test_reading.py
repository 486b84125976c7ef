"""Reading: lists page by page, versions, and pictures that were true at one moment."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.nodes import Network, Office
from tests.services.database import administrator, rows, wait_for_locks
from tests.services.steps import delivered, done, errors, refused

PAGE = 50
MANY = 52


async def _page(office: Office, **params: str) -> dict[str, Any]:
    return done(await office.http.get("/referrals", params=params))


async def _all(office: Office, **params: str) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    page = await _page(office, **params)
    items: list[dict[str, Any]] = page["items"]
    while page["next"]:
        assert len(page["items"]) == PAGE
        page = await _page(office, **params, cursor=page["next"])
        items += page["items"]
    return items


WITHDRAWN = """
    insert into referral.referral (id, agency, sender, path_id, number, kind, urgency, status, version, custodian,
        reason, submitted_at, delivered_at, decided_at, ended_at)
    select gen_random_uuid(), 'pup-strzelce', 'ops-strzelce', gen_random_uuid(), 'S26-0000-0000', 'service', 'normal',
        'withdrawn', 3, 'ops-strzelce', 'sent_by_mistake', at, at, at, at
    from generate_series(1, $1) as number, lateral (select now() - number / 3 * interval '1 minute' as at)
"""
"""Referrals as they lie at a receiver after withdrawal; three at a time came in the very same moment."""

WRITTEN = """
    select id::text from (
        select id, created_at, agency from intake.referral union all select id, created_at, agency from intake.draft
    ) as written
    where agency = $1 order by created_at desc, id desc
"""
"""Sent referrals and drafts, in one list."""


async def test_an_inbox_comes_newest_first_in_pages_that_neither_lose_nor_double_a_row(network: Network) -> None:
    async with administrator(network, "pup") as connection:
        await connection.execute(WITHDRAWN, MANY)
    query = "select id::text from referral.referral where agency = $1 order by delivered_at desc, id desc"
    expected = [row["id"] for row in await rows(network, "pup", query, "pup-strzelce")]
    assert len(expected) >= MANY
    assert [item["id"] for item in await _all(network.office("pup-strzelce"), box="inbox")] == expected


async def test_a_referral_that_is_written_between_two_pages_moves_no_row_of_the_next(network: Network) -> None:
    office = network.office("ops-kozieglowy")
    await asyncio.gather(*(office.send("pup-strzelce", draft=number % 2 == 0) for number in range(MANY)))
    expected = [row["id"] for row in await rows(network, "ops", WRITTEN, "ops-kozieglowy")]
    first = await _page(office, box="sent")
    await office.send("pup-strzelce", draft=True)
    second = await _page(office, box="sent", cursor=first["next"])
    assert [item["id"] for item in (*first["items"], *second["items"])] == expected
    assert second["next"] is None


async def test_a_list_is_filtered_by_status(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-tychy")
    waiting, accepted = await delivered(poraj, "cis-tychy"), await delivered(poraj, "cis-tychy")
    done(await cis.act(accepted, "accept"))
    await poraj.has(accepted, status="accepted")
    for office, box in ((cis, "inbox"), (poraj, "sent")):
        found = {item["id"]: item["status"] for item in await _all(office, box=box, status="accepted")}
        assert found[accepted] == "accepted"
        assert waiting not in found
        assert set(found.values()) == {"accepted"}


@pytest.mark.parametrize("box", ["inbox", "sent"])
async def test_a_list_holds_rows_of_its_own_box_only(network: Network, box: str) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-tychy")
    await delivered(poraj, "pup-tychy")
    await delivered(pup, "ops-poraj")
    for office in (poraj, pup):
        items = await _all(office, box=box)
        assert {item["receiver" if box == "inbox" else "sender"] for item in items} == {office.slug}


def _cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "żółw",
        _cursor("yesterday"),
        _cursor(f"2026-01-01T00:00:00+00:00 {'f' * 31}"),
        _cursor(f"0001-01-01T00:00:00+14:00 {UUID(int=7)}"),
        _cursor(f"{UUID(int=7)} {UUID(int=8)}"),
        urlsafe_b64encode(b"\xff\xfe \xff").decode(),
    ],
)
@pytest.mark.parametrize("box", ["inbox", "sent"])
async def test_a_cursor_that_is_none_is_an_error_of_that_field(network: Network, cursor: str, box: str) -> None:
    answer = await network.office("ops-poraj").http.get("/referrals", params={"box": box, "cursor": cursor})
    assert errors(answer) == [("cursor", "cursor_invalid")]


async def test_a_cursor_before_everything_ends_the_list(network: Network) -> None:
    cursor = _cursor(f"{datetime(2000, 1, 1, tzinfo=UTC).isoformat()} {uuid4()}")
    assert await _page(network.office("ops-poraj"), box="sent", cursor=cursor) == {"items": [], "next": None}


async def test_the_etag_is_the_version_and_a_stale_one_stops_the_action(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    shown = await cis.http.get(f"/referrals/{referral}")
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    url = f"/referrals/{referral}/actions/claim"
    stale = await cis.http.post(url, headers={"If-Match": '"2"'})
    assert refused(stale) == (412, "stale")
    assert stale.json()["title"] == "Sprawa zmieniła się w międzyczasie (wersja 3). Odśwież i spróbuj ponownie."
    claimed = await cis.http.post(url, headers={"If-Match": shown.headers["etag"]})
    assert (claimed.status_code, claimed.headers["etag"]) == (200, '"4"')


async def test_the_senders_requests_know_stale_versions_too(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    url, body = f"/referrals/{referral}/actions/withdraw", {"reason": "sent_by_mistake"}
    assert refused(await poraj.http.post(url, json=body, headers={"If-Match": '"1"'})) == (412, "stale")
    assert (await poraj.http.post(url, json=body, headers={"If-Match": 'W/"2"'})).status_code == 202


@pytest.mark.parametrize("header", ["*", None])
async def test_if_match_is_a_choice(network: Network, header: str | None) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    headers = {} if header is None else {"If-Match": header}
    assert (await cis.http.post(f"/referrals/{referral}/actions/claim", headers=headers)).status_code == 200


async def test_an_if_match_that_is_no_version_is_an_error_of_the_header(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    answer = await cis.http.post(f"/referrals/{referral}/actions/claim", headers={"If-Match": '"x"'})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "If-Match"


REQUEST = """
    insert into {schema}.request (id, agency, referral_id, action, state, reason, asked_at, answered_at)
    values ($1, $2, $3, 'withdraw', 'refused', 'not_allowed_now', now(), now())
"""
OF_ONE = "%from request%limit%"
"""How the requests of one referral are read. The desk reads those of many for its lists, whenever it likes."""


@pytest.mark.parametrize(("node", "schema", "slug"), [("ops", "intake", "ops-poraj"), ("cis", "referral", "cis-poraj")])
async def test_what_is_shown_together_was_true_at_one_moment(
    network: Network, node: str, schema: str, slug: str
) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    await cis.http.get(f"/referrals/{referral}")
    office = {"ops-poraj": poraj, "cis-poraj": cis}[slug]
    async with administrator(network, node) as connection:
        async with connection.transaction():
            await connection.execute(f"lock table {schema}.request in access exclusive mode")
            reading = asyncio.create_task(office.get(referral))
            await wait_for_locks(network, node, 1, statement=OF_ONE)  # the referral is read, its requests are not
            await connection.execute(REQUEST.format(schema=schema), uuid4(), slug, referral)
        assert ((await reading) or {})["last_request"] is None
        assert ((await office.get(referral)) or {})["last_request"]["reason"] == "not_allowed_now"
