"""Signing in at a real browser."""

import pytest

from tests.web.desks import Desks
from tests.web.person import Way


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
async def test_a_person_signs_in_with_login_and_password(desks: Desks, way: Way) -> None:
    user = next(u for u in desks.network.credentials["ops-poraj"]["users"] if u["role"] == "OPS_SOCIAL_WORKER")
    async with desks.person("ops-poraj", "OPS_SOCIAL_WORKER", way, signed_in=False) as ala:
        await ala.opens("/sign-in")
        await ala.fill("Login", user["login"])
        await ala.fill("Hasło", user["password"])
        await ala.press("Zaloguj się")
        assert ala.page.url.endswith("/work")
