"""Nobody loses their place when a list, a case, a search or an import shows what is new: the same control has the
focus, and whoever stood on what is gone stands on no other control."""

from pathlib import Path

from playwright.async_api import Route, expect

from tests.imports.sheets import comma_separated
from tests.services.database import administrator
from tests.services.importing import sheet
from tests.services.steps import delivered, done
from tests.web.desks import Desks
from tests.web.standing import NAMELESS, STANDS, focused, held, is_at_a_place_within

SOMEBODY = "Zenobia Nieznanowska 17.05.1984"


async def test_who_stands_in_a_list_stands_there_when_something_comes_in(desks: Desks) -> None:
    ops = desks.network.office("ops-poraj")
    first = await delivered(ops, "cis-poraj")
    async with desks.person("cis-poraj", "CIS_HEAD") as ewa:
        await ewa.opens("/inbox?order=newest")
        await ewa.page.locator(f"#why-of-{first}").click()
        here = await focused(ewa.page)
        second = await delivered(ops, "cis-poraj")
        await expect(ewa.page.locator(f"#item-{second}")).to_be_visible(timeout=10_000)
        assert await here.evaluate(STANDS)
        assert await ewa.page.locator(f"#why-{first}").get_attribute("open") == ""
        assert await ewa.page.evaluate(NAMELESS, "#list") == []


async def test_who_stands_on_a_row_that_goes_stands_at_its_place_and_on_no_other_case(desks: Desks) -> None:
    ops = desks.network.office("ops-poraj")
    await delivered(ops, "cis-poraj")
    second = await delivered(ops, "cis-poraj")
    async with desks.person("cis-poraj", "CIS_HEAD") as ewa:
        await ewa.opens("/inbox?order=newest")
        await ewa.page.locator(f"#do-{second}").focus()
        done(await (await desks.network.person("cis-poraj", "CIS_HEAD")).act(second, "decline", reason="no_place"))
        await expect(ewa.page.locator(f"#item-{second}")).to_have_count(0, timeout=10_000)
        assert await is_at_a_place_within(ewa.page, "#list")


async def test_who_reads_why_a_day_is_due_reads_on_when_the_case_moves(desks: Desks) -> None:
    sent = await delivered(desks.network.office("ops-poraj"), "cis-poraj")
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/referrals/{sent}")
        why = ala.page.locator("#terms summary", has_text="Decyzja o przyjęciu")
        await why.click()
        here = await focused(ala.page)
        done(await (await desks.network.person("cis-poraj", "CIS_HEAD")).act(sent, "claim"))
        await ala.sees("Stan tej sprawy właśnie się zmienił.")
        assert await here.evaluate(STANDS)
        assert await here.evaluate("summary => summary.parentElement.open")
        assert await ala.page.evaluate(NAMELESS, "#stands, #terms, #walked") == []


async def test_who_stands_on_a_person_found_stands_there_when_a_later_answer_comes(desks: Desks) -> None:
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens("/referrals/new")
        await ala.page.keyboard.type(SOMEBODY)
        await ala.sees("Tej osoby nie ma jeszcze w kartotece.")
        key = await ala.page.locator("#found input[name=_key]").input_value()
        async with held(ala.page, "**/referrals/new") as asked:
            await ala.page.keyboard.type(" ")
            await asked.wait()
            await ala.page.keyboard.press("Tab")
            await ala.page.keyboard.press("Tab")
            here = await focused(ala.page)
        await expect(ala.page.locator("#found input[name=_key]")).not_to_have_value(key)
        assert await here.evaluate(STANDS)
        assert await here.inner_text() == "Wypełnij formularz"


async def test_who_stands_on_the_page_of_a_list_stands_there_when_it_is_read(desks: Desks, tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_bytes(comma_separated(sheet(desks.network.office("ops-poraj"), "cis-poraj", 1)))
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        async with administrator(desks.network, "ops") as connection, connection.transaction():
            await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
            await ala.opens("/imports/new")
            await ala.attach("Plik z listą", file)
            await ala.press("Dalej")
            await ala.page.locator("#outcome-created").focus()
            here = await focused(ala.page)
        await ala.sees("zakończone")
        await expect(ala.page.locator("#send-good")).to_be_visible()
        assert await here.evaluate(STANDS)
        assert await ala.page.evaluate(NAMELESS, "#main") == []


async def test_who_types_in_a_search_types_on_when_its_answer_and_the_state_of_the_system_come(desks: Desks) -> None:
    async def told(route: Route) -> None:
        await route.fulfill(body='<div id="health"><p>Coś czeka.</p></div>', content_type="text/html")

    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.page.clock.install()
        await ala.opens("/referrals/new")
        await ala.page.route("**/state?*", told)
        await ala.page.keyboard.type(SOMEBODY)
        for _ in "1984":
            await ala.page.keyboard.press("ArrowLeft")
        await ala.page.clock.fast_forward(20_000)
        await ala.sees("Coś czeka.")
        await ala.sees("Tej osoby nie ma jeszcze w kartotece.")
        await ala.page.keyboard.type("3")
        assert await ala.value("Kogo dotyczy skierowanie") == SOMEBODY.replace("1984", "31984")
