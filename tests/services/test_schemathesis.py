"""Everything the OpenAPI document allows, and much that it does not, sent to a real node: no fault of ours, and no
status, type or body of an answer that the document does not tell of.
"""

import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.edge.app import edge_app
from services.edge.examples import BODIES
from stack.sample import body
from tests.nodes import TODAY, Network, Office
from tests.services.files import png
from tests.services.steps import delivered

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12
"""Requests for each operation and mode; 40 found nothing more, and took four minutes."""

SCHEMA = schemathesis.openapi.from_dict(edge_app("ops", desks=None).openapi())  # type: ignore[arg-type]
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
ACTIONS = [
    "claim",
    "release",
    "accept",
    "ask",
    "answer",
    "withdraw",
    "submit",
    "schedule_interview",
    "record_interview",
    "give_opinion",
    "issue",
    "complete",
]
"""decline and refuse would end what the other requests are about."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ids(network: Network) -> AsyncIterator[Mapping[str, str]]:
    """Ids of things that there are, by the name of the parameter."""
    sender = _sender(network)
    file = (await sender.http.post("/attachments", files={"file": ("a.png", png())})).json()["id"]
    referral = await delivered(sender, "cis-myszkow", attachments=[file])
    path = (await sender.get(referral) or {})["path_id"]
    client = (await sender.http.get("/clients")).json()["items"][0]["id"]
    yield {"attachment_id": file, "referral_id": referral, "path_id": path, "client_id": client}


def _sender(network: Network) -> Office:
    return network.office("ops-myszkow")


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # to make a finding smaller would take longer than to look at it
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_whatever_is_sent_the_answer_is_as_documented(
    network: Network, ids: Mapping[str, str], label: str, mode: GenerationMode, data: st.DataObject
) -> None:
    case: Case = data.draw(OPERATIONS[label].as_strategy(mode))
    if data.draw(st.booleans()):
        _make_it_real(case, ids, data)
    _make_it_likely(case, _sender(network), data)
    answer = await _send(case, _sender(network).http)
    case.validate_response(answer, checks=CHECKS)


def _make_it_real(case: Case, ids: Mapping[str, str], data: st.DataObject) -> None:
    """About something that there is, so that more than a 404 can come of it."""
    known = {name: ids[name] for name in case.path_parameters or {} if name in ids}
    if "action" in (case.path_parameters or {}):
        known["action"] = data.draw(st.sampled_from(ACTIONS))
    case.path_parameters = {**(case.path_parameters or {}), **known}


def _make_it_likely(case: Case, sender: Office, data: st.DataObject) -> None:
    """An example with some fields as they were generated: most of what is generated alone is refused at once."""
    if case.path == "/api/v1/session":  # wrong passwords for people who exist would shut them out of other tests
        return
    examples = [each["value"] for each in BODIES.get((case.method.upper(), case.path), {}).values()]
    if case.path == "/api/v1/referrals":
        chance = random.Random(data.draw(st.integers(0, 10_000)))
        examples.append(body(sender.directory, sender.slug, "cis-myszkow", TODAY, chance))
    if examples and isinstance(case.body, dict):
        names = data.draw(st.sets(st.sampled_from(sorted(case.body)))) if case.body else set()
        case.body = {**data.draw(st.sampled_from(examples)), **{name: case.body[name] for name in names}}


async def _send(case: Case, http: httpx2.AsyncClient) -> httpx2.Response:
    told: dict[str, Any] = case.as_transport_kwargs(base_url="http://node")
    prepared = requests.Request(**told).prepare()
    headers = {
        name: value.encode("latin-1") if isinstance(value, str) else value
        for name, value in prepared.headers.items()
        if name.lower() not in ("authorization", "content-length")
    }
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    return await http.request(prepared.method or "GET", prepared.url or "", content=body, headers=headers)
