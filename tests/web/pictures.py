"""`python -m tests.web.pictures`: the screens that have a picture, into docs/img/desk, on a desk and on a telephone."""

import asyncio
import sys
from pathlib import Path

from tests.nodes import CHANCE, running_network, settle
from tests.servers import data_folder, running_nats, running_postgres, running_temporal
from tests.serving import serving
from tests.web.browser import chromium, running_browser
from tests.web.desks import Desks
from tests.web.pixels import small_png
from tests.web.screens import SCREENS
from tests.web.screens.world import World

FOLDER = Path(__file__).parents[2] / "docs/img/desk"
SIZES = {"": (1366, 768), "-phone": (390, 844)}
MOST_BYTES = 100_000


async def make() -> None:
    program = chromium()
    if program is None:
        sys.exit("Brak przeglądarki Chromium: apt install chromium")
    with data_folder() as data:
        async with (
            running_postgres(data) as postgres,
            running_nats(data) as nats,
            running_temporal(data) as temporal,
            running_browser(program) as browser,
        ):
            await settle(data, postgres, nats, temporal)
            async with running_network(data) as network, serving(network.institutions) as urls:
                await _draw(Desks(network, browser, urls))


async def _draw(desks: Desks) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    CHANCE.seed(0)  # the same invented people in every run
    world = World(desks.network)
    blank = await desks.browser.new_page()
    for screen in (screen for screen in SCREENS if screen.picture):
        slug, role = screen.who or ("ops-poraj", "")
        async with desks.person(slug, role, signed_in=screen.who is not None) as person:
            await screen.show(person, world)
            for suffix, (width, height) in SIZES.items():
                await person.page.set_viewport_size({"width": width, "height": height})
                picture = await small_png(blank, await person.page.screenshot(animations="disabled", caret="hide"))
                assert len(picture) <= MOST_BYTES, f"{screen.name}: {len(picture)} bytes"
                (FOLDER / f"{screen.name}{suffix}.png").write_bytes(picture)


if __name__ == "__main__":
    asyncio.run(make())
