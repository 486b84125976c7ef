"""Colleagues on the pages: those who left keep their names, and a stranger has no rows."""

from uuid import uuid4

import pytest

from tests.desk.conftest import SignedIn
from tests.desk.test_work import row_of
from tests.nodes import Network, eventually
from tests.services.steps import delivered, done


@pytest.mark.parametrize("address", ["/work?whose=all&order=newest", "/inbox?order=newest"])
async def test_a_list_narrowed_to_somebody_unknown_shows_nobodys_rows(
    network: Network, at_desk: SignedIn, address: str
) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def listed() -> bool:
        return row_of(await desk.open(address), referral) is not None

    await eventually(listed)
    page = await desk.open(f"{address}&person={uuid4()}")
    assert 'id="item-' not in page.html
    assert "nie pasuje do wybranego widoku" in page.text


async def test_who_may_no_longer_sign_in_stands_by_name_beside_what_they_took(
    network: Network, at_desk: SignedIn
) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    admin = (await network.person("cis-poraj", "ADMIN")).http
    new = {"login": "zofia.dawna", "name": "Zofia Dawna", "role": "CIS_SOCIAL_WORKER"}
    added = done(await admin.post("/accounts", json=new), 201)
    told = {"login": added["account"]["login"], "password": added["password"]}
    token = done(await network.client_of("cis-poraj").post("/session", json=told), 201)["token"]
    done(await network.office("cis-poraj", token).act(referral, "claim"))
    done(await admin.post(f"/accounts/{added['account']['id']}/actions/disable"))
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def taken() -> str | None:
        row = row_of(await desk.open("/work?whose=all&order=newest"), referral)
        return row if row and "rozpatruje:" in row else None

    assert "rozpatruje: Zofia Dawna" in await eventually(taken)
    narrowed = await desk.open(f"/inbox?order=newest&person={added['account']['id']}")
    assert row_of(narrowed, referral)
    assert "Zofia Dawna" not in (await desk.open("/institution")).text
