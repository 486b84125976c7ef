"""What an institution cannot reach: generated from the routes there are, so that a new one must find its row here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from rules.lifecycle_table import table
from services.edge import example_actions
from tests.nodes import Network, Office
from tests.services.steps import SOON, delivered, refused

NODES = ("ops", "pup", "cis", "owes")


@dataclass(frozen=True)
class Route:
    """A route of the public interface and a request to it that is good in itself."""

    method: str
    path: str
    kind: str
    body: Any = None
    params: dict[str, str] = field(default_factory=dict)

    def url(self, identity: str) -> str:
        return re.sub(r"\{\w+\}", identity, self.path)


KEPT_APART = (
    "referral",
    "attachment",
    "import",
    "client",
    "application",
    "notice",
    "question",
    "path",
    "letter",
)
"""The kinds of routes whose address names something of one institution."""

UNKNOWN = "019f0000-0000-7000-8000-000000000000"
NOBODY = {"given_name": "Nikt", "family_name": "Nijaki", "birth_date": "1980-01-01"}

EXAMPLES = example_actions.examples()
ACTIONS = {
    entry.transition.action: EXAMPLES.get(entry.transition.action, {"value": {}})["value"]
    for entry in table().entries.values()
    if entry.side != "system"
}
"""Whatever anybody may do with a referral, with what it asks for."""

ROUTES = (
    Route("POST", "/session", "open", {"login": "nobody", "password": "nothing"}),
    Route("GET", "/session", "session"),
    Route("DELETE", "/session", "session"),
    Route("POST", "/session/extend", "session"),
    Route("POST", "/session/switch", "session", {"agency": "ops-poraj", "role": "OPS_HEAD"}),
    Route("POST", "/session/password", "session", {"password": "wrong", "new_password": "four long words"}),
    Route("GET", "/accounts", "administrator"),
    Route("GET", "/accounts/{account_id}", "administrator"),
    Route("GET", "/colleagues", "public"),
    Route("POST", "/accounts", "administrator", {"login": "nobody", "name": "Nikt", "role": "OPS_HEAD"}),
    Route("POST", "/accounts/borrowed", "administrator", {"login": "nobody", "role": "OPS_HEAD"}),
    *(
        Route("POST", "/accounts/{account_id}/actions/" + action, "administrator", body)
        for action, body in (("disable", {}), ("new_password", {}), ("give_post", {"role": "OPS_HEAD"}))
    ),
    Route("GET", "/road", "administrator"),
    Route("GET", "/connections", "public"),
    Route("POST", "/referrals", "create"),
    Route("GET", "/referrals", "list", params={"box": "inbox"}),
    Route("GET", "/referrals", "list", params={"box": "sent"}),
    Route("GET", "/referrals/{referral_id}", "referral"),
    Route("PUT", "/referrals/{referral_id}", "referral", {"receiver": "cis-poraj"}),
    Route("DELETE", "/referrals/{referral_id}", "referral"),
    Route("GET", "/referrals/{referral_id}/receipt", "referral"),
    Route("GET", "/referrals/{referral_id}/form", "referral"),
    Route("POST", "/referrals/receivers", "search", {}),
    Route("GET", "/work-items", "list"),
    Route("GET", "/work-items/beside", "public"),
    Route("POST", "/work-items/people", "search", {"ids": [UNKNOWN]}),
    *(
        Route("POST", "/referrals/{referral_id}/actions/" + action, "referral", body)
        for action, body in sorted(ACTIONS.items())
    ),
    Route("POST", "/referrals/import", "create"),
    Route("GET", "/imports", "list"),
    Route("GET", "/imports/{import_id}", "import"),
    Route("GET", "/imports/{import_id}/rows", "import"),
    Route("GET", "/imports/{import_id}/bad-rows", "import"),
    *(Route("POST", "/imports/{import_id}/actions/" + action, "import") for action in ("cancel", "send")),
    Route("POST", "/referrals/import/columns", "create"),
    Route("POST", "/attachments", "create"),
    Route("GET", "/attachments/{attachment_id}", "attachment"),
    Route("GET", "/attachments/{attachment_id}/content", "attachment"),
    Route("DELETE", "/attachments/{attachment_id}", "attachment"),
    Route("GET", "/referrals/{referral_id}/attachments/{attachment_id}/content", "referral"),
    Route("GET", "/clients", "list"),
    Route("POST", "/clients/search", "search", {"pesel": "44051401359"}),
    Route("GET", "/clients/{client_id}", "client"),
    Route("PUT", "/clients/{client_id}", "client", {"person": NOBODY}),
    Route("POST", "/clients/{client_id}/withdrawal/preview", "client", {"reason": "person_moved"}),
    Route("POST", "/clients/{client_id}/withdrawal", "client", {"reason": "person_moved", "stamp": "-"}),
    Route("POST", "/clients/{client_id}/merge", "client", {"into": UNKNOWN, "reason": "Ta sama osoba."}),
    Route("POST", "/clients/merges/{merge_id}/undo", "client"),
    Route("POST", "/applications", "create", {}),
    Route("GET", "/applications", "list"),
    Route("GET", "/applications/{application_id}", "application"),
    *(
        Route("POST", "/applications/{application_id}/actions/" + action, "application", body)
        for action, body in (
            ("schedule_interview", {"on": SOON, "place": "OPS"}),
            ("record_interview", {"held_on": "2026-05-01", "place": "OPS"}),
            ("issue", {"case_mark": "OPS.1"}),
            ("return_for_completion", {"reason": "signature_missing"}),
            ("complete", {}),
            ("withdraw", {"reason": "no_contact"}),
        )
    ),
    Route("GET", "/applications/{application_id}/actions/issue/unfinished", "application"),
    Route("PUT", "/applications/{application_id}/actions/issue/unfinished", "application", {"fields": {}}),
    Route("GET", "/notices", "list"),
    Route("GET", "/notices", "list", params={"box": "given"}),
    Route("POST", "/notices/{notice_id}/actions/read", "notice"),
    Route("GET", "/notices/{notice_id}/print", "notice"),
    Route("POST", "/place-questions", "create", {"receivers": ["cis-poraj"], "places": 1}),
    Route("GET", "/place-questions", "list"),
    Route("GET", "/place-questions", "list", params={"box": "asked"}),
    Route("GET", "/place-questions/{question_id}", "question"),
    Route("POST", "/place-questions/{question_id}/answer", "question", {"free": 0}),
    Route("GET", "/paths/{path_id}", "path"),
    Route("GET", "/deadlines", "list"),
    Route("GET", "/notifications", "list"),
    Route("GET", "/rules", "public"),
    Route("GET", "/institutions", "public"),
    Route("GET", "/dead-letters", "list", params={"show": "all"}),
    Route("GET", "/dead-letters/{letter_id}", "letter"),
    Route("POST", "/dead-letters/{letter_id}/actions/retry", "letter", {}),
    Route("POST", "/dead-letters/{letter_id}/actions/drop", "letter", {"reason": "Nie moje"}),
)


def _template(route: Route) -> tuple[str, str]:
    """Method and path as OpenAPI writes them."""
    return route.method, "/api/v1" + re.sub(r"/actions/\w+", "/actions/{action}", route.path)


async def _documented(network: Network, node: str) -> set[tuple[str, str]]:
    document = (await network.clients[node].get("http://node/openapi.json")).json()
    return {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}


async def _call(office: Office, route: Route, identity: str) -> Any:
    body = {} if route.body is None else {"json": route.body}
    return await office.http.request(route.method, route.url(identity), params=route.params, **body)


@pytest.mark.parametrize("node", NODES)
async def test_openapi_lists_exactly_the_routes(network: Network, node: str) -> None:
    assert await _documented(network, node) == {_template(route) for route in ROUTES}


async def test_every_route_but_signing_in_needs_a_token(network: Network) -> None:
    for slug in ("ops-poraj", "cis-poraj"):
        stranger = Office(slug, network.client_of(slug), network.office(slug).directory)
        for route in ROUTES:
            answer = await _call(stranger, route, str(uuid4()))
            code = "wrong_password" if route.kind == "open" else "not_authenticated"
            assert refused(answer) == (401, code), route


def _foreign(network: Network, *own: str) -> Iterator[Office]:
    for slug in network.credentials:
        if slug not in own:
            yield network.office(slug)


async def test_no_other_institution_reaches_a_referral_its_path_or_any_list_with_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    path = ((await poraj.get(referral)) or {})["path_id"]
    one_of_each = {
        network.directory[office.slug].kind: office for office in _foreign(network, "ops-poraj", "cis-poraj")
    }
    assert one_of_each.keys() == {"ops", "pup", "cis", "kis", "owes"}
    for office in one_of_each.values():
        missing = await _call(office, Route("GET", "/referrals/{referral_id}", "referral"), str(uuid4()))
        for route in ROUTES:
            if route.kind in ("referral", "path"):
                answer = await _call(office, route, path if route.kind == "path" else referral)
                assert (answer.status_code, answer.content) == (404, missing.content), (office.slug, route)
            elif route.kind == "list":
                assert referral not in (await _call(office, route, "")).text
    assert ((await poraj.get(referral)) or {})["version"] == 2


@pytest.mark.parametrize("identity", ["7", "not-a-uuid", "%00", "01a200fe-ae20-77ca-9974-1175c008b97", "😀"])
async def test_an_id_that_cannot_be_one_is_not_found_like_any_other(network: Network, identity: str) -> None:
    poraj = network.office("ops-poraj")
    missing = await poraj.http.get(f"/referrals/{uuid4()}")
    assert refused(missing) == (404, "not_found")
    for route in ROUTES:
        if route.kind in KEPT_APART:
            answer = await _call(poraj, route, identity)
            assert (answer.status_code, answer.content) == (404, missing.content), route
            assert _telling(answer) == _telling(missing), route


def _telling(answer: Response) -> dict[str, str]:
    """The headers of an answer but the one that only tells which log lines are its own."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def test_an_institution_with_no_referral_has_empty_lists(network: Network) -> None:
    office = network.office("pup-strzelce")  # where no test before this one has sent or asked anything
    for route in ROUTES:
        if route.kind == "list":
            assert (await _call(office, route, "")).json() == {"items": [], "next": None}


async def test_a_draft_is_nobodys_but_the_senders(network: Network) -> None:
    draft = await network.office("ops-poraj").send("cis-poraj", draft=True)
    for office in _foreign(network, "ops-poraj"):
        assert (await office.http.get(f"/referrals/{draft['id']}")).status_code == 404


async def test_a_path_is_not_found_by_those_who_take_no_part_even_under_its_referrals_id(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    for identity in (referral, str(uuid4())):
        assert refused(await poraj.http.get(f"/paths/{identity}")) == (404, "not_found")
