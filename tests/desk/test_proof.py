"""Whatever is sent to the desk is done only when one of its own pages has sent it, whichever form it is."""

import re

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.desk import routes
from tests.desk.conftest import SignedIn

OPEN = {"/sign-in", "/sign-in/filled", "/language"}
"""Nobody has to be signed in for these: they do nothing in anybody's name."""

NEVER_THERE = "019f0000-0000-7000-8000-000000000000"
REFUSED = "Strona była otwarta przed ponownym zalogowaniem. Nic nie zmieniono."


def _forms() -> list[str]:
    """The address of every form there is."""
    found = [each for each in vars(routes).values() if isinstance(each, APIRouter)]
    pages = [route for router in found for route in router.routes if isinstance(route, APIRoute)]
    paths = {page.path for page in pages if "POST" in page.methods} - OPEN
    return sorted(re.sub(r"\{\w+\}", NEVER_THERE, path) for path in paths)


@pytest.mark.parametrize("proof", ["none", "of somebody else"])
async def test_no_form_is_taken_without_the_proof_of_its_own_session(at_desk: SignedIn, proof: str) -> None:
    browser, other = await at_desk("ops-poraj", "OPS_HEAD"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    strange = (await other.open("/password")).form("/password").fields["_csrf"]
    typed = {} if proof == "none" else {"_csrf": strange}
    taken = {}
    for address in _forms():
        answer = await browser.http.post(address, data=typed, follow_redirects=False)
        if answer.status_code != 403 or REFUSED not in answer.text:
            taken[address] = answer.status_code
    assert taken == {}
    assert len(_forms()) > 30
