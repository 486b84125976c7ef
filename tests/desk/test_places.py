"""Questions on places at the desk: asked of several institutions at once, answered, and read where it is chosen whom to
send somebody to. They name no person."""

from datetime import date, timedelta

import pytest

from contracts.directory import Directory
from contracts.places import PlaceAnswer, PlaceQuestion
from services.desk.places.questions import askings
from services.desk.places.whom import whom
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.database import administrator
from tests.services.living import NOW

TODAY = date(2026, 6, 8)


@pytest.fixture
async def ops(at_desk: SignedIn) -> Browser:
    return await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")


async def _asked(browser: Browser, *receivers: str, **more: str) -> Page:
    form = (await browser.open("/places/new")).form("/places/new")
    form.fields["receivers"] = list(receivers)
    return await browser.send(form, **more)


async def _question(browser: Browser, places: str) -> str:
    """The id of the question for so many places, once it is there to be answered."""

    async def found() -> str | None:
        page = await browser.open("/places?box=received")
        forms = [form.action for form in page.forms if form.action.endswith("/answer")]
        marks = [action.split("/")[2] for action in forms]
        return next((mark for mark in marks if f"{places} miejsc" in _card(page, mark)), None)

    identity: str = await eventually(found)
    return identity


def _card(page: Page, question_id: str) -> str:
    return page.html.partition(f'id="question-{question_id}"')[2].partition("</article>")[0]


async def test_several_institutions_are_asked_at_once_and_answers_come_to_the_same_place(
    ops: Browser, at_desk: SignedIn
) -> None:
    sent = await _asked(ops, "cis-poraj", "cis-myszkow", places="17")
    assert "Wysłano pytanie." in sent.text
    assert sent.text.count("czeka na odpowiedź") >= 2
    cis = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")
    identity = await _question(cis, "17")
    page = await cis.open("/places?box=received")
    told = await cis.send(page.form(f"/places/{identity}/answer"), free="2", from_on="1.03.2027", note="Rano.")
    assert "Wysłano odpowiedź." in told.text

    async def known() -> bool:
        return "2 wolne miejsca od 01.03.2027" in (await ops.open("/places?box=asked")).text

    await eventually(known)
    page = await ops.open("/places?box=asked")
    assert "Rano." in page.text
    assert "/referrals/new?receiver=cis-poraj" in page.links


async def test_a_question_without_an_institution_or_a_number_is_not_sent(ops: Browser) -> None:
    wrong = await _asked(ops, places="dużo")
    assert wrong.status == 422
    assert "Wybierz co najmniej jedną instytucję." in wrong.text
    assert "Wpisz liczbę" in wrong.text
    assert wrong.form("/places/new").fields["places"] == ["dużo"]


async def test_an_answer_that_is_no_number_comes_back_to_its_own_question(
    network: Network, ops: Browser, at_desk: SignedIn
) -> None:
    await _asked(ops, "cis-tychy", places="13")
    cis = await at_desk("cis-tychy", "CIS_SOCIAL_WORKER")
    identity = await _question(cis, "13")
    page = await cis.open("/places?box=received")
    wrong = await cis.send(page.form(f"/places/{identity}/answer"), free="kilka", note="Od marca.")
    assert wrong.status == 422
    assert f"#free-{identity}" in wrong.links
    assert wrong.form(f"/places/{identity}/answer").fields["note"] == ["Od marca."]


async def test_what_waits_for_an_answer_stands_in_my_work(ops: Browser, at_desk: SignedIn) -> None:
    await _asked(ops, "cis-kozieglowy", places="5")
    cis = await at_desk("cis-kozieglowy", "CIS_HEAD")
    await _question(cis, "5")
    page = await cis.open("/work?whose=mine")
    assert "o miejsca" in page.text
    assert "/places?box=received" in page.links


async def test_a_question_that_nobody_answered_in_time_says_so_and_whom_to_ring(network: Network, ops: Browser) -> None:
    await _asked(ops, "cis-tychy", places="11")
    async with administrator(network, "ops") as connection:
        await connection.execute("update intake.place_question set due_on = due_on - 30 where places = 11")
    page = await ops.open("/places?box=asked")
    assert "po terminie" in page.text
    assert "tel:000000000" in page.links
    assert "pytanie o miejsca bez odpowiedzi w terminie" in (await ops.open("/work?whose=mine")).text


async def test_an_answer_is_told_where_it_is_chosen_whom_to_send_to_and_leads_to_a_referral(
    network: Network, ops: Browser, at_desk: SignedIn
) -> None:
    await _asked(ops, "cis-myszkow", places="19")
    cis = await at_desk("cis-myszkow", "CIS_HEAD")
    identity = await _question(cis, "19")
    page = await cis.open("/places?box=received")
    await cis.send(page.form(f"/places/{identity}/answer"), free="4")

    async def known() -> bool:
        return "4 wolne miejsca" in (await ops.open("/places?box=asked")).text

    await eventually(known)
    looked = await ops.send(
        (await ops.open("/referrals/new?receiver=cis-myszkow")).form("/referrals/new"), who="Nowa Osoba"
    )
    draft = await ops.send(looked.form("/referrals/new/begin"))
    assert draft.address.startswith("/drafts/")
    assert draft.form(draft.address).fields["receiver"] == ["cis-myszkow"]
    assert "4 wolne miejsca" in draft.text
    back = await ops.open(next(link for link in draft.links if link.startswith("/places/new")))
    assert draft.address in back.links


async def test_asking_shows_that_no_person_is_named_and_has_no_field_for_words(ops: Browser) -> None:
    page = await ops.open("/places/new")
    assert "Pytanie nie zawiera danych żadnej osoby" in page.text
    assert set(page.form("/places/new").fields) - {"_csrf", "_key"} == {"receivers", "places", "from_on", "workshop"}


def test_only_centres_and_clubs_may_be_asked_and_near_ones_stand_first(network: Network) -> None:
    directory: Directory = network.directory
    found = whom(directory, directory["ops-poraj"], "pl", TODAY)
    near = [slug for slug, _, _ in found.near]
    assert {directory[slug].county for slug in near} == {directory["ops-poraj"].county}
    assert {directory[slug].kind for slug, _, _ in (*found.near, *found.far)} <= {"cis", "kis"}
    assert "ops-poraj" not in near


def test_of_answers_free_places_come_first_then_what_is_late(network: Network) -> None:
    def question(number: int, receiver: str, **more: object) -> PlaceQuestion:
        told = {"sender": "ops-poraj", "receiver": receiver, "places": 3, "workshop": None, "from_on": None}
        asked = {"id": f"00000000-0000-0000-0000-00000000000{number}", "asked_at": NOW, "due_on": TODAY}
        return PlaceQuestion.model_validate(told | asked | more)

    none, free = PlaceAnswer(free=0).model_dump(), PlaceAnswer(free=2).model_dump()
    found = askings(
        [
            question(1, "cis-tychy", answer=none),
            question(2, "cis-poraj", due_on=TODAY + timedelta(days=2)),
            question(3, "cis-myszkow", overdue=True),
            question(4, "cis-kozieglowy", answer=free),
        ],
        network.directory,
        TODAY,
    )
    assert [[line.state for line in each.lines] for each in found] == [["free", "late", "waiting", "none"]]
