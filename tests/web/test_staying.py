"""Nobody loses their place when a part of the form is exchanged: the same control has the focus, the caret is where it
was, what was typed and opened meanwhile is there."""

from playwright.async_api import expect

from tests.web.desks import Desks
from tests.web.person import Person
from tests.web.standing import NAMELESS, STANDS, focused, held, is_at_a_place_within

REASON = "Powód skierowania"
CENTRE = "Centrum Integracji Społecznej w Poraju"
OFFICE = "Powiatowy Urząd Pracy w Myszkowie"


async def _draft(desks: Desks) -> str:
    """A form that does not say yet to whom, and why."""
    head = await desks.network.person("ops-poraj", "OPS_HEAD")
    form = {name: told for name, told in head.body("cis-poraj").items() if name not in ("receiver", "reason")}
    created = await head.http.post("/referrals", json=form | {"draft": True})
    assert created.status_code == 201, created.text
    return str(created.json()["id"])


async def _exchanged(ala: Person, shape: str) -> None:
    """The form has other fields than these in front."""
    await expect(ala.page.locator("input[name=shape]")).not_to_have_value(shape)


async def test_who_types_on_while_the_form_is_exchanged_keeps_text_and_caret(desks: Desks) -> None:
    draft = await _draft(desks)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        shape = await ala.page.locator("input[name=shape]").input_value()
        async with held(ala.page, "**/autosave") as asked:
            await ala.choose("Dokąd", CENTRE)
            await asked.wait()
            await ala.fill("Telefon", "000 123 456")
            await ala.fill(REASON, "Chce pracy.")
            for _ in "pracy.":
                await ala.page.keyboard.press("ArrowLeft")
            here = await focused(ala.page)
        await _exchanged(ala, shape)
        await ala.page.keyboard.type("stałej ")
        assert await here.evaluate(STANDS)
        assert await ala.value(REASON) == "Chce stałej pracy."
        assert await ala.value("Telefon") == "000 123 456"


async def test_who_stands_anywhere_in_the_form_stands_there_when_it_was_exchanged(desks: Desks) -> None:
    draft = await _draft(desks)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        await ala.page.locator("#receivers-far-open").click()
        await ala.page.locator("#lacks-open").click()
        await ala.page.locator("#lacks-open").click()
        receivers = [CENTRE, OFFICE]
        for stop in (
            "#reason",
            "#client-pesel",
            "#case_mark",
            "#receivers-far-open",
            "#lack-reason",
            "#add-file",
            "text=Zapisz szkic",
        ):
            shape = await ala.page.locator("input[name=shape]").input_value()
            async with held(ala.page, "**/autosave") as asked:
                await ala.choose("Dokąd", receivers[0])
                await asked.wait()
                await ala.page.locator(stop).focus()
                here = await focused(ala.page)
            await _exchanged(ala, shape)
            assert await here.evaluate(STANDS), stop
            receivers.reverse()
        assert await ala.page.evaluate(NAMELESS, "#clash, #lacks, #fields, #more") == []


async def test_what_somebody_opens_or_folds_stays_so_when_the_form_is_exchanged(desks: Desks) -> None:
    draft = await _draft(desks)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        shape = await ala.page.locator("input[name=shape]").input_value()
        for heading in ("#receivers-far-open", "#group-files-open", "#lacks-open"):  # the last one stands open
            await ala.page.locator(heading).click()
        await ala.choose("Dokąd", CENTRE)
        await _exchanged(ala, shape)
        opened = [
            await ala.page.locator(each).get_attribute("open")
            for each in ("#receivers-far", "#group-files", "#lacks details")
        ]
        assert opened == ["", "", None]


async def test_who_stands_on_a_link_that_goes_stands_at_its_place_and_on_no_other_control(desks: Desks) -> None:
    draft = await _draft(desks)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        async with held(ala.page, "**/autosave") as asked:
            await ala.fill(REASON, "Chce pracy.")
            await ala.page.locator("#lack-reason").focus()
            await asked.wait()
        await expect(ala.page.locator("#lack-reason")).to_have_count(0)
        assert await is_at_a_place_within(ala.page, "#lacks")
