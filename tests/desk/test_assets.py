"""What pages are made of besides themselves: built from locked sources, small, and kept by browsers for good."""

import gzip
import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import httpx2

from services.desk.frame import RELEASE
from services.desk.static import build
from tests.desk.conftest import SignedIn
from tests.nodes import Network

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "services" / "desk" / "assets"
LOCK = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
BUDGET = 250_000
"""Bytes of a page with everything it needs, as they travel (ux.md U39)."""

HTML = 60_000
"""What the page itself may weigh of it: a list of a hundred rows does."""


class _Named(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("link", "script") and (address := given.get("href") or given.get("src")):
            self.addresses.add(address)


async def _http(network: Network) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=network.client_of("ops-poraj")._transport, base_url="https://node")


async def test_everything_that_a_page_names_is_served_and_kept_for_good(network: Network) -> None:
    http = await _http(network)
    named = _Named()
    named.feed((await http.get("/sign-in")).text)
    assert named.addresses
    for address in named.addresses:
        answer = await http.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


async def test_address_of_another_build_is_not_there(network: Network) -> None:
    http = await _http(network)
    assert (await http.get("/assets/0000000000000000/desk.css")).status_code == 404
    assert (await http.get(f"/assets/{build().stamp}/../../headers.py")).status_code == 404


async def test_texts_travel_packed_to_whom_they_may(network: Network) -> None:
    http = await _http(network)
    address = build().address("desk.css")
    async with http.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    plain = await http.get(address, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4
    assert "content-encoding" not in plain.headers


async def test_page_with_everything_it_needs_stays_in_its_budget(at_desk: SignedIn) -> None:
    whole = sum(len(asset.packed or asset.body) for asset in build().assets.values())
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/help")
    assert len(page.html.encode()) < HTML
    assert whole + HTML < BUDGET


def test_font_holds_every_polish_letter() -> None:
    """As the styles tell browsers: a letter in none of the ranges would come from another font."""
    ranges = re.findall(r"unicode-range:([^;}]+)", build().assets["desk.css"].body.decode())
    spans = [part.strip().removeprefix("U+").split("-") for each in ranges for part in each.split(",")]
    held = [(int(span[0], 16), int(span[-1], 16)) for span in spans]
    for letter in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–…§":
        assert any(first <= ord(letter) <= last for first, last in held), letter


def test_styles_name_nothing_of_another_brand_or_host() -> None:
    css = build().assets["desk.css"].body.decode()
    assert "GDS Transport" not in css
    assert "crown" not in css
    assert re.findall(r"url\(\"?([^\")]+)", css) == [
        "atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    ]


def test_scripts_find_each_other_in_the_same_folder() -> None:
    served = build().assets
    for name in (name for name in served if name.endswith(".js") and name not in ("htmx.min.js", "sse.min.js")):
        for wanted in re.findall(r"from '\./([^']+)'", served[name].body.decode()):
            assert wanted in served, f"{name} wants {wanted}"


def test_every_package_is_pinned_by_its_hash_and_by_no_address() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    locked = [{key: told for key, told in package.items() if key != "funding"} for package in packages.values()]
    assert "://" not in json.dumps(locked)


def test_packages_are_asked_for_by_exact_version() -> None:
    asked = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))
    wanted = asked["dependencies"] | asked["devDependencies"]
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_pages_name_the_release_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == RELEASE
