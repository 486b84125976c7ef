"""My work: what waits for this person, with whose move it is, until when and why."""

import re
from uuid import uuid4

from sqlalchemy import text

from contracts.sessions import PASSIVE
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.applying import opined, registered
from tests.services.database import change
from tests.services.steps import SOON, delivered, done

NEWEST = "/work?order=newest"


async def _row(desk: Browser, item: str, address: str = NEWEST) -> str | None:
    """The row of an item, once it is on the list."""
    page = await desk.open(address)
    assert page.status == 200
    return row_of(page, item)


def row_of(page: Page, item: str) -> str | None:
    found = re.search(rf'<tr[^>]*id="item-{item}".*?</tr>', page.html, re.DOTALL)
    return None if found is None else " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


async def _appears(desk: Browser, item: str, address: str = NEWEST) -> str:
    row: str = await eventually(lambda: _row(desk, item, address))
    return row


async def test_a_row_tells_whose_move_it_is_and_until_when_and_why(network: Network, at_desk: SignedIn) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    desk = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")

    async def timed() -> str | None:
        row = await _row(desk, referral)
        return row if row and "Poziom usług: podjęcie skierowania" in row else None

    row = await eventually(timed)
    assert "ruch: nasza instytucja" in row
    assert "Wzięcie do rozpatrzenia:" in row
    assert "zostały 3 dni robocze" in row
    assert "3 dni robocze od" in row


async def test_before_a_claim_nobody_reads_a_name(network: Network, at_desk: SignedIn) -> None:
    ops = network.office("ops-poraj")
    sent = await ops.send("cis-poraj")
    row = await _appears(await at_desk("cis-poraj", "CIS_SOCIAL_WORKER"), sent["id"])
    assert sent["client"]["family_name"] not in row
    assert sent["client"]["address"]["town"] in row


async def test_one_press_takes_a_referral_and_the_list_knows_at_once(network: Network, at_desk: SignedIn) -> None:
    sent = await network.office("ops-poraj").send("cis-poraj")
    mine, colleague = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER"), await at_desk("cis-poraj", "CIS_HEAD")
    await _appears(mine, sent["id"])
    page = await mine.open(NEWEST)
    form = next(form for form in page.forms if form.fields.get("id") == [sent["id"]])
    taken = await mine.http.post(form.action, data=form.fields, follow_redirects=False)
    assert taken.status_code == 303
    assert taken.headers["location"].startswith(f"/referrals/{sent['id']}?done=claim")
    again = await mine.http.post(form.action, data=form.fields, follow_redirects=False)
    assert again.headers["location"] == taken.headers["location"]
    row = await _row(mine, sent["id"])
    assert row is not None
    assert "rozpatruje: Ty" in row
    assert sent["client"]["family_name"] in row
    assert "rozpatruje:" in (await _row(colleague, sent["id"]) or "")


async def test_what_another_has_taken_waits_for_them_and_not_for_me(network: Network, at_desk: SignedIn) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    head = await network.person("cis-poraj", "CIS_HEAD")
    desk = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")
    await _appears(desk, referral)
    assert (await head.act(referral, "claim")).status_code == 200

    async def gone() -> bool:
        return await _row(desk, referral) is None

    await eventually(gone)
    assert "rozpatruje:" in (await _row(desk, referral, "/work?whose=all&order=newest") or "")


async def test_a_question_comes_to_the_list_of_the_sender(network: Network, at_desk: SignedIn) -> None:
    ops, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(ops, "cis-poraj")
    desk = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    assert await _row(desk, referral) is None
    await cis.act(referral, "claim")
    assert (await cis.act(referral, "ask", question="Czy są badania?", due_on=SOON)).status_code == 200
    assert "Odpowiedz" in await _appears(desk, referral)


async def test_an_application_waits_for_the_worker_first_and_then_for_the_head(
    network: Network, at_desk: SignedIn
) -> None:
    ops = network.office("ops-poraj")
    worker, head = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), await at_desk("ops-poraj", "OPS_HEAD")
    begun = await registered(ops)
    assert "Zaplanuj wywiad" in await _appears(worker, begun["id"])
    ready = await opined(ops)
    assert "Wydaj skierowanie" in await _appears(head, ready["id"])
    assert await _row(worker, ready["id"]) is None


async def test_a_draft_that_lacks_nothing_is_told_to_the_head_who_may_send_it(
    network: Network, at_desk: SignedIn
) -> None:
    ops = network.office("ops-kozieglowy")
    head, worker = await at_desk(ops.slug, "OPS_HEAD"), await at_desk(ops.slug, "OPS_SOCIAL_WORKER")
    before = await _to_sign(head)
    done(await ops.create("cis-kozieglowy", draft=True), 201)
    done(await ops.create("cis-kozieglowy", draft=True, grounds=None), 201)
    assert await _to_sign(head) == before + 1
    assert await _to_sign(worker) == 0


async def _to_sign(desk: Browser) -> int:
    """How many drafts wait for this person's signature, by My work."""
    found = re.search(r'id="to-sign"[^>]*>(\d+) ', (await desk.open("/work?whose=mine")).html)
    return 0 if found is None else int(found[1])


async def test_a_chosen_view_is_there_again_after_signing_in_anew(at_desk: SignedIn) -> None:
    desk = await at_desk("kis-zdunska-wola", "KIS_COORDINATOR")
    page = await desk.open("/work")
    await desk.send(page.form("/work/view"), whose="all", order="oldest")
    later = await at_desk("kis-zdunska-wola", "KIS_COORDINATOR")
    page = await later.open("/work")
    assert page.answer.url.query == b"whose=all&order=oldest"
    await later.send(page.form("/work/view"), whose="", order="")
    assert (await later.open("/work")).answer.url.query == b""


async def test_an_empty_list_says_why_and_what_to_do(at_desk: SignedIn) -> None:
    desk = await at_desk("pup-zdunska-wola", "PUP_ADVISER")
    page = await desk.open("/work?what=notice")
    assert "Nic takiego nie czeka" in page.text
    page = await desk.open("/work?whose=mine")
    assert "Żadna sprawa na Ciebie nie czeka" in page.text
    assert "/work?whose=all" in page.links


async def test_a_page_that_asks_by_itself_is_given_the_list_alone(at_desk: SignedIn) -> None:
    desk = await at_desk("cis-poraj", "CIS_HEAD")
    answer = await desk.http.get("/work?order=due", headers={PASSIVE: "1"})
    assert answer.text.lstrip().startswith('<div id="list"')


async def test_an_address_that_asks_for_nonsense_is_not_found(at_desk: SignedIn) -> None:
    desk = await at_desk("cis-poraj", "CIS_HEAD")
    assert (await desk.open("/work?order=random")).status == 404


async def test_a_list_that_is_behind_says_since_when(network: Network, at_desk: SignedIn) -> None:
    desk, database = await at_desk("cis-tychy", "CIS_HEAD"), network.bases["cis"].database("desk")
    path = uuid4()

    async def caught_up() -> bool:
        return "Nadrobi je sama" not in (await desk.open("/work?order=due")).text

    await eventually(caught_up)
    async with database.transaction() as session:
        await session.execute(
            text("""
                insert into mark (agency, path_id, about, version, since, due_at)
                values ('cis-tychy', :path, :path, 9, now() - interval '1 minute', now() + interval '1 hour')
            """),
            {"path": path},
        )
    try:
        for address in ("/work?order=due", "/inbox?order=due", "/sent?page=1"):
            assert "Nadrobi je sama" in (await desk.open(address)).text
    finally:
        async with database.transaction() as session:
            await session.execute(text("delete from mark where path_id = :path"), {"path": path})


async def test_a_view_that_the_list_does_not_have_is_not_kept(network: Network, at_desk: SignedIn) -> None:
    desk = await at_desk("kis-zdunska-wola", "KIS_COORDINATOR")
    form = (await desk.open("/work")).form("/work/view")
    assert (await desk.send(form, order="random")).status == 404
    assert (await desk.send(form, person="anna.nowak@kis-zdunska-wola")).status == 404
    assert (await desk.open("/work")).answer.url.query == b""


async def test_a_kept_view_that_the_list_no_longer_has_is_left_out(network: Network, at_desk: SignedIn) -> None:
    desk = await at_desk("cis-tychy", "CIS_HEAD")
    await desk.send((await desk.open("/sent")).form("/sent/view"), state="accepted")
    assert (await desk.open("/sent")).answer.url.query == b"state=accepted"
    await change(network, "cis", "update desk.liking set query = 'state=lost' where query = 'state=accepted'")
    page = await desk.open("/sent")
    assert (page.status, page.answer.url.query) == (200, b"")


async def test_a_colleague_stands_by_name_and_in_the_address_by_number(network: Network, at_desk: SignedIn) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    worker = await network.person("cis-poraj", "CIS_SOCIAL_WORKER")
    assert (await worker.act(referral, "claim")).status_code == 200
    told = (await worker.http.get("/session")).json()
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def named() -> bool:
        return f"rozpatruje: {told['name']}" in (await _row(desk, referral, "/work?whose=all&order=newest") or "")

    await eventually(named)
    for address in ("/work", "/inbox"):
        page = await desk.open(f"{address}?order=newest")
        assert told["login"] not in page.html
        (account,) = re.findall(rf'<option value="([^"]+)"[^>]*>{told["name"]}</option>', page.html)
        chosen = await desk.send(page.form(f"{address}/view"), person=account, order="newest")
        await desk.send(page.form(f"{address}/view"), person="", order="")
        assert f"person={account}" in str(chosen.answer.url)
        assert row_of(chosen, referral)
    assert f"Rozpatruje: {told['name']}" in (await desk.open(f"/referrals/{referral}")).text


async def test_what_is_no_number_of_a_referral_is_not_found(at_desk: SignedIn) -> None:
    desk = await at_desk("ops-poraj", "OPS_HEAD")
    proof = (await desk.open("/work?order=due")).form("/work/view").fields["_csrf"][0]
    for address, field in (("/work/claim", "id"), ("/applications/new", "client_id")):
        answer = await desk.http.post(address, data={"_csrf": proof, field: "../session/extend?x="})
        assert answer.status_code == 404, address
