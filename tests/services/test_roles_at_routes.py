"""Which roles reach which routes, tried at every route there is: one that opens itself to more, or to fewer, than what
is about cases must have its row here.

A route that is closed to a role refuses it before it looks at anything else.
"""

import re

import pytest

from contracts.subjects import DESK
from services.desk.reading import reader_token
from tests.nodes import Network, Office
from tests.services.steps import refused

EVERYBODY = frozenset({"ADMIN", "PSYCHOLOGIST", "CIS_SOCIAL_WORKER", "CIS_HEAD"})
LOOKS = EVERYBODY - {"ADMIN"}
DECIDES = LOOKS - {"PSYCHOLOGIST"}
LEADS = frozenset({"CIS_HEAD"})
ADMINISTERS = frozenset({"ADMIN"})

OPEN_TO: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/session"): EVERYBODY,
    ("DELETE", "/session"): EVERYBODY,
    ("POST", "/session"): EVERYBODY,
    ("POST", "/session/extend"): EVERYBODY,
    ("POST", "/session/switch"): EVERYBODY,
    ("POST", "/session/password"): EVERYBODY,
    ("GET", "/institutions"): EVERYBODY,
    ("GET", "/accounts"): ADMINISTERS,
    ("GET", "/accounts/{account_id}"): ADMINISTERS,
    ("GET", "/colleagues"): EVERYBODY,
    ("POST", "/accounts"): ADMINISTERS,
    ("POST", "/accounts/borrowed"): ADMINISTERS,
    ("POST", "/accounts/{account_id}/actions/{action}"): ADMINISTERS,
    ("GET", "/road"): ADMINISTERS,
    ("GET", "/connections"): EVERYBODY,
    ("GET", "/dead-letters"): LEADS | ADMINISTERS,
    ("GET", "/dead-letters/{letter_id}"): LEADS | ADMINISTERS,
    ("POST", "/dead-letters/{letter_id}/actions/{action}"): LEADS | ADMINISTERS,
    ("POST", "/clients/search"): LOOKS,
    ("POST", "/work-items/people"): LOOKS,
    ("POST", "/referrals/receivers"): LOOKS,
    ("GET", "*"): LOOKS,
    ("*", "*"): DECIDES,
}
"""By method and route. What is not named is about cases: reading for whoever looks, all else for who decides."""

CLOSED = {(403, "not_for_this_role")}
NOT_THERE = (404, "not_found")


def open_to(verb: str, path: str) -> frozenset[str]:
    """The roles that this route is open to."""
    for key in ((verb, path), (verb, "*"), ("*", "*")):
        if key in OPEN_TO:
            return OPEN_TO[key]
    raise AssertionError


async def _somebody(network: Network, role: str) -> Office:
    """A person of a CIS in this role, let in by its administrator when it is one that no demo person has."""
    if any(user["role"] == role for user in network.credentials["cis-myszkow"]["users"]):
        return await network.person("cis-myszkow", role)
    admin = await network.person("cis-myszkow", "ADMIN")
    new = {"login": role.lower(), "name": "Irena Próbna", "role": role}
    added = (await admin.http.post("/accounts", json=new)).json()
    body = {"login": added["account"]["login"], "password": added["password"]}
    signed = await network.client_of("cis-myszkow").post("/session", json=body)
    return network.office("cis-myszkow", signed.json()["token"])


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_a_role_reaches_the_routes_of_its_level_and_no_other(network: Network, role: str) -> None:
    person = await _somebody(network, role)
    document = (await network.client_of("cis-myszkow").get("http://node/openapi.json")).json()
    wrong = []
    for path, item in document["paths"].items():
        route = path.removeprefix("/api/v1")
        for verb in (each.upper() for each in item):
            if (verb, route) in {("DELETE", "/session"), ("POST", "/session"), ("POST", "/session/switch")}:
                continue  # would end the session that asks, or needs none
            address = re.sub(r"\{\w+\}", "019f0000-0000-7000-8000-000000000000", route.replace("{action}", "retry"))
            answer = await person.http.request(verb, address, json={} if verb in ("POST", "PUT") else None)
            code = refused(answer) if answer.status_code >= 400 else (answer.status_code, "")
            closed = code in CLOSED or (code == NOT_THERE and route.startswith("/dead-letters"))
            if route.startswith("/dead-letters/"):
                continue  # 404 for everybody: the list above it tells who they are for
            if closed == (role in open_to(verb, route)):
                wrong.append((verb, route, code))
    assert wrong == []


async def test_every_row_of_the_table_is_a_route(network: Network) -> None:
    document = (await network.client_of("cis-myszkow").get("http://node/openapi.json")).json()
    routes = {(verb.upper(), path.removeprefix("/api/v1")) for path, item in document["paths"].items() for verb in item}
    assert {key for key in OPEN_TO if "*" not in key[1]} <= routes


async def test_a_reader_without_a_role_opens_the_work_items_and_nothing_else(network: Network) -> None:
    password = network.bases["cis"].secrets.database_password("cis", DESK)
    reader = network.office("cis-myszkow", reader_token(password, "cis-myszkow")).http
    document = (await network.client_of("cis-myszkow").get("http://node/openapi.json")).json()
    opened = []
    for path, item in document["paths"].items():
        for verb in (each.upper() for each in item):
            address = re.sub(r"\{\w+\}", "019f0000-0000-7000-8000-000000000000", path.replace("{action}", "retry"))
            body = {"agency": "cis-myszkow", "role": "CIS_HEAD"} if verb in ("POST", "PUT") else None
            answer = await reader.request(verb, address.removeprefix("/api/v1"), json=body)
            if answer.status_code < 300:
                opened.append((verb, path))
    assert opened == [("GET", "/api/v1/work-items")]
