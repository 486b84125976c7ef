"""The search for a person: Enter is answered, whatever the search while somebody types still meant to ask."""

import asyncio

from playwright.async_api import Route

from tests.web.desks import Desks

NOBODY = "Tej osoby nie ma jeszcze w kartotece."


async def test_a_name_and_enter_at_once_are_answered_for_good(desks: Desks) -> None:
    asked: list[str] = []
    async with desks.person("ops-poraj", "OPS_SOCIAL_WORKER") as ala:
        await ala.page.clock.install()
        await ala.opens("/referrals/new")
        ala.page.on("request", lambda request: asked.append(request.post_data or ""))
        await ala.page.clock.pause_at("2040-01-01")  # however slowly this machine types, nobody pauses for a moment
        await ala.page.keyboard.type("Zenobia Nieznanowska")
        await ala.page.keyboard.press("Enter")
        await ala.page.clock.run_for(1_000)  # by then the search while typing would have begun
        await ala.sees(NOBODY)
    assert not any("typing" in each for each in asked)


async def test_enter_takes_the_place_of_a_search_that_is_under_way(desks: Desks) -> None:
    under_way = asyncio.Event()

    async def hold(route: Route) -> None:
        if "typing" in (route.request.post_data or ""):
            under_way.set()  # and it never comes back
        else:
            await route.continue_()

    async with desks.person("ops-poraj", "OPS_SOCIAL_WORKER") as ala:
        await ala.opens("/referrals/new")
        ala.watch.forgiven.append("htmx:")
        await ala.page.route("**/referrals/new", hold)
        await ala.page.keyboard.type("Zenobia Nieznanowska 17.05.1984")
        await asyncio.wait_for(under_way.wait(), 10)
        await ala.page.keyboard.press("Enter")
        await ala.sees(NOBODY)
