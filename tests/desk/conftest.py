"""People at the desks of the nodes in this process."""

from collections.abc import Awaitable, Callable

import pytest

from tests.desk.browser import Browser
from tests.nodes import Network

SignedIn = Callable[..., Awaitable[Browser]]


@pytest.fixture(scope="session")
def at_desk(network: Network) -> SignedIn:
    """`await at_desk("ops-poraj", "OPS_HEAD")`: that person, signed in; each call is a browser of its own."""

    async def sign_in(slug: str, role: str, language: str = "pl") -> Browser:
        browser = Browser(network.client_of(slug)._transport, language)
        user = next(user for user in network.credentials[slug]["users"] if user["role"] == role)
        page = await browser.sign_in(user["login"], user["password"])
        assert page.status == 200, page.text
        for form in page.forms:  # somebody of two institutions begins at the post of last time
            if (form.fields.get("agency"), form.fields.get("role")) == ([slug], [role]):
                await browser.send(form)
        return browser

    return sign_in
