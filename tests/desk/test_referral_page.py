"""The page of a referral at both desks: what it shows, what may be done there, what happens when two do it at once."""

from typing import Any

import pytest

from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, Office, eventually
from tests.services.database import road_closed
from tests.services.steps import SOON, delivered, done
from tests.services.test_attachments import PARTS, uploaded


def _act(page: Page, referral: str, action: str) -> Any:
    return page.form(f"/referrals/{referral}/actions/{action}")


def _offers(page: Page, referral: str) -> set[str]:
    prefix = f"/referrals/{referral}/actions/"
    return {form.action.removeprefix(prefix) for form in page.forms if form.action.startswith(prefix)}


@pytest.fixture
def poraj(network: Network) -> Office:
    return network.office("ops-poraj")


@pytest.fixture
async def head(at_desk: SignedIn) -> Browser:
    return await at_desk("cis-poraj", "CIS_HEAD")


async def test_before_a_claim_the_receiver_sees_a_preview_and_may_claim_accept_or_decline(
    poraj: Office, head: Browser
) -> None:
    body = poraj.body("cis-poraj")
    body["client"]["family_name"] = "Nietutejsza"  # nobody's who works there, whose names stand above the page
    referral = await delivered(poraj, "cis-poraj", client=body["client"])
    page = await head.open(f"/referrals/{referral}")
    assert page.status == 200
    assert "To podgląd" in page.text
    assert body["client"]["family_name"] not in page.html
    assert body["client"]["pesel"] not in page.html
    assert _offers(page, referral) == {"claim", "accept", "put_on_list", "decline", "send_back"}
    assert [form.action.rpartition("/")[2] for form in page.forms if "/actions/" in form.action][:2] == [
        "claim",
        "accept",
    ]
    assert "miejsce zamieszkania" not in page.text


async def test_a_claim_opens_the_dossier_but_of_the_pesel_only_its_end(poraj: Office, head: Browser) -> None:
    body = poraj.body("cis-poraj")
    referral = await delivered(poraj, "cis-poraj", client=body["client"])
    page = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "claim"))
    assert page.address == f"/referrals/{referral}"
    assert body["client"]["family_name"] in page.text
    pesel = body["client"]["pesel"]
    assert pesel not in page.html
    assert f"kończy się na {pesel[-4:]}" in page.text
    assert "Rozpatruje: Ty" in page.text
    shown = await head.send(page.form(f"/referrals/{referral}/pesel"))
    assert pesel in shown.text


async def test_one_button_accepts_and_another_takes_it_back(poraj: Office, head: Browser) -> None:
    referral = await delivered(poraj, "cis-poraj")
    accepted = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "accept"))
    assert "Zaakceptowano." in accepted.text
    assert "Decyzję zapisano. Pomyłka? Można ją cofnąć do" in accepted.text
    undone = await head.send(_act(accepted, referral, "undo"))
    assert "Rozpatrywane" in undone.text
    await poraj.has(referral, status="in_review")


async def test_a_refusal_needs_a_reason_and_keeps_the_note_that_was_typed(poraj: Office, head: Browser) -> None:
    referral = await delivered(poraj, "cis-poraj")
    form = _act(await head.open(f"/referrals/{referral}"), referral, "decline")
    wrong = await head.send(form, note="Brak miejsc do stycznia.")
    assert wrong.status == 422
    assert "Wybierz powód z listy." in wrong.text
    again = _act(wrong, referral, "decline")
    assert again.fields["note"] == ["Brak miejsc do stycznia."]
    declined = await head.send(again, reason="no_place")
    assert "Odmowa" in declined.text
    known = await poraj.has(referral, status="declined")
    assert (known["reason"], known["note"]) == ("no_place", "Brak miejsc do stycznia.")


async def test_who_may_not_decide_sees_who_may(poraj: Office, at_desk: SignedIn) -> None:
    worker = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")
    referral = await delivered(poraj, "cis-poraj")
    page = await worker.open(f"/referrals/{referral}")
    assert _offers(page, referral) == {"claim"}
    assert page.text.count("Tę czynność może wykonać: kierownik CIS.") == 1
    assert "disabled" not in page.html.partition("<main")[2]


async def test_a_question_goes_out_with_a_day_from_a_button_and_comes_back_answered(
    poraj: Office, head: Browser, at_desk: SignedIn
) -> None:
    social = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    referral = await delivered(poraj, "cis-poraj")
    page = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "claim"))
    form = _act(page, referral, "ask")
    day = next(value for name, value in form.buttons if name == "preset")
    asked = await head.send(form, question="Od kiedy może zacząć?", preset=day)
    assert "Czeka na odpowiedź" in asked.text
    await poraj.has(referral, status="info_requested")
    page = await social.open(f"/referrals/{referral}")
    assert "Od kiedy może zacząć?" in page.text
    answered = await social.send(_act(page, referral, "answer"), text="Od poniedziałku.")
    assert answered.status == 200
    await poraj.has(referral, status="in_review")
    assert "Od poniedziałku." in (await head.open(f"/referrals/{referral}")).text


async def test_a_day_is_read_as_people_type_it(poraj: Office, head: Browser) -> None:
    referral = await delivered(poraj, "cis-poraj")
    page = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "claim"))
    year, month, day = SOON.split("-")
    asked = await head.send(_act(page, referral, "ask"), question="Od kiedy?", due_on=f"{int(day)}.{month}.{year}")
    assert "Czeka na odpowiedź" in asked.text


async def test_of_two_people_at_once_the_second_sees_what_has_changed_and_keeps_what_was_typed(
    network: Network, poraj: Office, head: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    form = _act(await head.open(f"/referrals/{referral}"), referral, "decline")
    done(await network.office("cis-poraj").act(referral, "claim"))
    page = await head.send(form, reason="no_place", note="Brak miejsc.")
    assert page.status == 412
    assert "Ktoś zmienił tę sprawę chwilę wcześniej. Niczego nie wykonano." in page.text
    again = _act(page, referral, "decline")
    assert (again.fields["note"], again.fields["reason"]) == (["Brak miejsc."], ["no_place"])
    assert (await head.send(again)).status == 200


async def test_a_decision_sent_twice_is_done_once(poraj: Office, head: Browser) -> None:
    referral = await delivered(poraj, "cis-poraj")
    form = _act(await head.open(f"/referrals/{referral}"), referral, "accept")
    first, second = await head.send(form), await head.send(form)
    assert (first.status, second.status) == (200, 200)
    assert first.address == second.address


async def test_the_sender_withdraws_with_a_reason_and_sees_the_request_wait_until_it_is_answered(
    poraj: Office, at_desk: SignedIn
) -> None:
    head = await at_desk("ops-poraj", "OPS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    page = await head.open(f"/referrals/{referral}")
    assert "Dostarczono" in page.text
    gone = await head.send(_act(page, referral, "withdraw"), reason="sent_by_mistake")
    assert gone.status == 200
    await poraj.has(referral, status="withdrawn")
    assert "Wysłano omyłkowo" in (await head.open(f"/referrals/{referral}")).text


async def test_the_sender_sees_why_a_request_came_too_late(network: Network, poraj: Office, at_desk: SignedIn) -> None:
    head = await at_desk("ops-poraj", "OPS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    page = await head.open(f"/referrals/{referral}")
    form = _act(page, referral, "withdraw")
    form.fields.pop("_version")
    done(await network.office("cis-poraj").act(referral, "accept"))
    await poraj.has(referral, status="accepted")
    late = await head.send(form, reason="sent_by_mistake")
    assert late.status == 409
    assert "nie może teraz wykonać tej czynności" in late.text


async def test_after_a_refusal_the_sender_may_go_elsewhere(network: Network, poraj: Office, at_desk: SignedIn) -> None:
    worker = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    referral = await delivered(poraj, "cis-poraj")
    done(await network.office("cis-poraj").act(referral, "decline", reason="no_place"))
    await poraj.has(referral, status="declined")
    page = await worker.open(f"/referrals/{referral}")
    assert "Brak" in page.text
    assert page.form(f"/referrals/{referral}/again")


async def test_a_page_that_is_open_hears_only_of_what_has_changed(
    network: Network, poraj: Office, head: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    cis = network.office("cis-poraj")
    seen = (await head.open(f"/referrals/{referral}")) and (await cis.has(referral))["version"]
    state = f"/referrals/{referral}/state?seen={seen}"

    async def settled() -> str | None:
        stamp = (await head.open(state)).html.partition('name="stamp" value="')[2].partition('"')[0]
        return stamp if not stamp.endswith(".0") and (await head.open(f"{state}&stamp={stamp}")).status == 204 else None

    stamp = await eventually(settled)
    done(await cis.act(referral, "claim"))
    changed = await head.open(f"{state}&stamp={stamp}")
    assert "Stan tej sprawy właśnie się zmienił." in changed.text
    assert "<main" not in changed.html


async def test_what_was_done_is_said_until_something_else_happens(
    network: Network, poraj: Office, head: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    claimed = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "claim"))
    assert "Wzięto do rozpatrzenia. " in claimed.text
    asked = await head.send(_act(claimed, referral, "ask"), question="Od kiedy?", due_on=SOON)
    assert "Wysłano pytanie do instytucji kierującej." in asked.text
    assert "Wzięto do rozpatrzenia. " not in (await head.open(str(claimed.answer.url))).text


async def test_after_a_refusal_the_move_is_the_senders_whatever_else_goes_on_on_the_path(
    network: Network, poraj: Office, at_desk: SignedIn
) -> None:
    worker = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    client = poraj.body("cis-poraj")["client"]
    sent = await poraj.send("cis-poraj", client=client)
    await network.office("cis-poraj").has(sent["id"])
    done(await network.office("cis-poraj").act(sent["id"], "decline", reason="no_place"))
    await poraj.has(sent["id"], status="declined")

    async def path() -> Any:
        answer = await poraj.http.get(f"/paths/{sent['path_id']}")
        return answer.json() if answer.status_code == 200 else None

    async def moved() -> bool:
        return bool((await path())["ball"] == "cis-tychy")

    await eventually(path)
    await poraj.send("cis-tychy", client=client, path_id=sent["path_id"])
    await eventually(moved)
    assert "Ruch: nasza instytucja." in (await worker.open(f"/referrals/{sent['id']}")).text


async def test_an_open_page_hears_of_a_path_that_comes_after_the_referral(
    network: Network, poraj: Office, head: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    page = await head.open(f"/referrals/{referral}")
    address = page.html.partition('id="stands" hx-get="')[2].partition('"')[0]
    stamp = page.html.partition('name="stamp" value="')[2].partition('"')[0]
    before = f"{address}&stamp={stamp.partition('.')[0]}.0"

    async def told() -> Page | None:
        answer = await head.open(before)
        return answer if "Wzięcie do rozpatrzenia" in answer.text else None

    fresh: Page = await eventually(told)
    assert "Stan tej sprawy właśnie się zmienił." not in fresh.text
    assert 'id="terms" hx-swap-oob="morph"' in fresh.html
    assert "zostały 3 dni robocze" in fresh.text


async def test_an_answer_under_way_is_called_an_answer_and_nothing_else(
    network: Network, poraj: Office, at_desk: SignedIn
) -> None:
    worker, cis = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    done(await cis.act(referral, "claim"))
    done(await cis.act(referral, "ask", question="Od kiedy?", due_on=SOON))
    await poraj.has(referral, status="info_requested")
    async with road_closed(network, "ops"):
        done(await poraj.act(referral, "answer", text="Od jutra."), 202)
        page = await worker.open(f"/referrals/{referral}")
    assert "odpowiedź jest w drodze." in page.text
    assert "prośb" not in page.text


async def test_files_open_after_the_acceptance(poraj: Office, head: Browser) -> None:
    scan = await uploaded(poraj)
    referral = await delivered(poraj, "cis-poraj", attachments=[scan["id"]])
    page = await head.send(_act(await head.open(f"/referrals/{referral}"), referral, "claim"))
    assert scan["name"] in page.text
    assert "Pliki będzie można otworzyć po przyjęciu skierowania." in page.text
    accepted = await head.send(_act(page, referral, "accept"))
    link = f"/referrals/{referral}/attachments/{scan['id']}"
    assert link in accepted.links

    async def opened() -> bytes | None:
        answer = await head.http.get(link)
        return answer.content if answer.status_code == 200 else None

    assert await eventually(opened) == PARTS


async def test_the_basis_of_the_transfer_and_the_way_are_on_the_page(
    network: Network, poraj: Office, head: Browser
) -> None:
    sent = await poraj.send("cis-poraj")
    await network.office("cis-poraj").has(sent["id"])

    async def known() -> bool:
        return (await network.office("cis-poraj").http.get(f"/paths/{sent['path_id']}")).status_code == 200

    await eventually(known)
    page = await head.open(f"/referrals/{sent['id']}")
    assert "Skierowanie z art. 12 ustawy o zatrudnieniu socjalnym" in page.text
    assert "tu jest osoba" in page.text
    assert "<svg" in page.html


async def test_anothers_referral_is_not_there(poraj: Office, at_desk: SignedIn) -> None:
    stranger = await at_desk("cis-tychy", "CIS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    assert (await stranger.open(f"/referrals/{referral}")).status == 404
