"""Pages bear texts that are longer by two fifths, and nothing that a person reads is missing from the catalogues."""

from collections.abc import Iterator

import pytest

from services.desk import pages
from services.desk.language import Texts
from tests.desk.conftest import SignedIn

PAGES = (
    *("/work", "/inbox", "/sent", "/drafts", "/referrals/new", "/clients", "/applications", "/applications/new"),
    *(
        "/notices",
        "/imports",
        "/institutions",
        "/institution",
        "/rules",
        "/rules/moved",
        "/help",
        "/accessibility",
        "/no/such/page",
    ),
)
MARK = "\N{MIDDLE DOT}"


@pytest.fixture
def lengthened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text ends in dots, two for five of its letters."""
    one, several = Texts.gettext, Texts.ngettext

    def long(text: str) -> str:
        return text + MARK * max(1, len(text) * 2 // 5)

    monkeypatch.setattr(Texts, "gettext", lambda self, text: long(one(self, text)))
    monkeypatch.setattr(Texts, "ngettext", lambda self, *forms: long(several(self, *forms)))
    pages.environment.cache_clear()
    yield
    pages.environment.cache_clear()


@pytest.mark.usefixtures("lengthened")
async def test_every_page_can_be_written_with_longer_texts(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-tychy", "OPS_HEAD")
    for address in PAGES:
        page = await browser.open(address)
        assert page.status in (200, 404), address
        assert MARK in page.text, address
