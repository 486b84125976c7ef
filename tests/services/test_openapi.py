"""The OpenAPI document: complete, in Polish and English, and its examples are true."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.edge.example_forms import APPLICATION, DIRECT, SUPPORT
from services.edge.openapi import operations
from tests.nodes import Network
from tests.services.steps import delivered, done

PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}


async def _document(network: Network) -> dict[str, Any]:
    document: dict[str, Any] = (await network.client_of("ops-poraj").get("http://node/openapi.json")).json()
    return document


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


async def test_every_operation_is_told_in_polish_and_in_english(network: Network) -> None:
    for verb, path, operation in operations(await _document(network)):
        assert operation["description"], (verb, path)
        assert operation["summary"].endswith("."), f"{verb} {path} has no row in services/edge/summaries.toml"


async def test_every_refusal_is_a_problem_document(network: Network) -> None:
    for verb, path, operation in operations(await _document(network)):
        answers = operation["responses"]
        refusals = {status: answer for status, answer in answers.items() if status >= "400"}
        assert {"401", "422", "503"} <= refusals.keys(), (verb, path)
        assert ("413" in refusals) == ("415" in refusals) == ("requestBody" in operation)
        for answer in refusals.values():
            assert answer["content"].keys() == {"application/problem+json"}
            assert answer["content"]["application/problem+json"]["schema"] == PROBLEM


def _examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Where it stands, schema and value of every example in the document."""
    for verb, path, operation in operations(document):
        for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media_type, content in holder.get("content", {}).items():
                values = [each["value"] for each in content.get("examples", {}).values()]
                values += [content["example"]] if "example" in content else []
                for value in values:
                    yield f"{verb} {path} {media_type}", content["schema"], value


async def test_every_example_is_valid(network: Network) -> None:
    document = await _document(network)
    found = list(_examples(document))
    assert len(found) > 60
    for where, schema, value in found:
        assert [error.message for error in _validator(document, schema).iter_errors(value)] == [], where


async def test_every_json_body_has_an_example(network: Network) -> None:
    for verb, path, operation in operations(await _document(network)):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert body is None or body["examples"], (verb, path)


@pytest.mark.parametrize(("sender", "body"), [("pup-myszkow", DIRECT), ("cis-tychy", SUPPORT)])
async def test_the_example_of_a_referral_sends_one(network: Network, sender: str, body: dict[str, Any]) -> None:
    office = network.office(sender)
    answer = await office.http.post("/referrals", json=body)
    assert answer.status_code == 201, answer.text
    await office.has(answer.json()["id"], status="delivered")


async def test_the_example_of_an_application_leads_to_a_referral(network: Network) -> None:
    document, poraj = await _document(network), network.office("ops-poraj")
    address = "/api/v1/applications/{application_id}/actions/{action}"
    content = document["paths"][address]["post"]["requestBody"]["content"]["application/json"]
    registered = await poraj.http.post("/applications", json=APPLICATION)
    assert registered.status_code == 201, registered.text
    for action in ("record_interview", "give_opinion", "issue"):
        body = content["examples"][action]["value"]
        answer = await poraj.http.post(f"/applications/{registered.json()['id']}/actions/{action}", json=body)
        assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "referred"


@pytest.mark.parametrize("action", ["decline", "withdraw"])
async def test_the_examples_of_actions_are_allowed(network: Network, action: str) -> None:
    document = await _document(network)
    address = "/api/v1/referrals/{referral_id}/actions/{action}"
    content = document["paths"][address]["post"]["requestBody"]["content"]["application/json"]
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    office, status = (cis, 200) if action == "decline" else (poraj, 202)
    done(await office.act(referral, action, **content["examples"][action]["value"]), status)


async def test_the_first_steps_on_the_page_work_as_they_stand_there(network: Network) -> None:
    page = (await network.client_of("ops-poraj").get("http://node/docs")).text
    commands = [unescape(each) for each in re.findall(r"<pre>(curl.*?)</pre>", page, re.DOTALL)]
    listing, sending, looking = commands[:3]
    poraj = network.office("ops-poraj")
    assert (await poraj.http.get(_address(listing))).status_code == 200
    body = sending[sending.index("{") : sending.rindex("}") + 1]
    headers = dict(re.findall(r'-H "([\w-]+): ([^"]+)"', sending))
    assert headers.pop("Authorization") == "Bearer TOKEN"
    sent = await poraj.http.post(_address(sending), content=body.encode(), headers=headers)
    assert sent.status_code == 201, sent.text
    again = await poraj.http.post(_address(sending), content=body.encode(), headers=headers)
    assert again.json() == sent.json()
    shown = await poraj.http.get(_address(looking).replace("ID", sent.json()["id"]))
    assert shown.status_code == 200


def _address(command: str) -> str:
    return command.split("URL/api/v1", 1)[1].split(" ", 1)[0]
