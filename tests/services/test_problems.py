"""Requests that make no sense: refused as RFC 9457 problems, one entry per field, without repeating what was typed."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from contracts.api import NewReferral, Referral
from services.edge.bodies import LARGEST_BODY
from services.kit.database import POOL_SIZE
from tests.nodes import Network


def _errors(answer: httpx2.Response) -> list[tuple[str, str]]:
    """Field and code of each entry of a problem that is one."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("urn:sciezka:problem:")
    assert problem["title"]
    assert all(error["message"] for error in problem.get("errors", ()))
    return [(error["field"], error["code"]) for error in problem.get("errors", ())]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"priority": 1}, [("priority", "extra_forbidden")]),
        ({"receiver": 7}, [("receiver", "string_type")]),
        ({"receiver": "CIS Poraj"}, [("receiver", "slug_invalid")]),
        ({"receiver": "cis-poraj", "reason": ""}, [("reason", "string_too_short")]),
        ({"reason": "x" * 4001}, [("reason", "string_too_long")]),
        ({"urgency": "soon"}, [("urgency", "literal_error")]),
        ({"kind": "other", "route": "D"}, [("kind", "literal_error"), ("route", "literal_error")]),
        ({"grounds": ["HOMELESS", "POOR"]}, [("grounds.1", "literal_error")]),
        ({"grounds": ["OTHER"] * 10}, [("grounds", "too_long")]),
        ({"draft": "perhaps"}, [("draft", "bool_parsing")]),
        ({"path_id": "17"}, [("path_id", "uuid_parsing")]),
        ({"client": None}, [("client", "missing")]),
        (
            {"client": {"pesel": 44051401359, "email": "nobody", "eyes": "blue"}},
            [
                ("client.given_name", "missing"),
                ("client.family_name", "missing"),
                ("client.pesel", "string_type"),
                ("client.email", "email_invalid"),
                ("client.eyes", "extra_forbidden"),
            ],
        ),
        (
            {"consent": {"given_on": "31.12.2025"}},
            [("consent.given_on", "date_from_datetime_parsing"), ("consent.version", "missing")],
        ),
        ({"opinion": {"issued_on": "2026-02-30"}, "receiver": None}, None),
    ],
)
async def test_each_wrong_field_has_one_entry(
    network: Network, changes: dict[str, Any], errors: list[tuple[str, str]] | None
) -> None:
    answer = await network.office("ops-poraj").create("cis-poraj", **changes)
    assert answer.status_code == 422
    found = _errors(answer)
    if errors is not None:
        assert sorted(found) == sorted(errors)
    fields = [field for field, _ in found]
    assert len(fields) == len(set(fields))


async def test_text_that_is_no_unicode_is_not_a_value(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = json.dumps(poraj.body("cis-poraj") | {"reason": "\ud800"})
    answer = await poraj.http.post("/referrals", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, _errors(answer)) == (422, [("reason", "string_unicode")])


async def test_a_referral_s_state_cannot_be_set_by_whoever_creates_it(network: Network) -> None:
    for name in Referral.model_fields.keys() - NewReferral.model_fields.keys():
        answer = await network.office("ops-poraj").create("cis-poraj", **{name: "accepted"})
        assert (answer.status_code, _errors(answer)) == (422, [(name, "extra_forbidden")])


@pytest.mark.parametrize("control", ["\0", "\x1b", "\x85", "\x7f"])
async def test_a_control_character_in_any_text_is_named_and_not_kept(network: Network, control: str) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    changed = {"reason": f"a{control}", "client": body["client"] | {"family_name": f"{control}b"}}
    answer = await poraj.http.post("/referrals", json=body | changed)
    assert sorted(_errors(answer)) == [
        ("client.family_name", "control_characters"),
        ("reason", "control_characters"),
    ]


async def test_ends_of_lines_and_tabs_are_part_of_a_text(network: Network) -> None:
    sent = await network.office("ops-poraj").send("cis-poraj", reason="Po pierwsze:\r\n\tchce pracować.\n")
    assert sent["client"]["reason"] == "Po pierwsze:\r\n\tchce pracować.\n"


@pytest.mark.parametrize("name", ["status", "cursor", "unit", "box"])
async def test_a_control_character_in_a_query_is_a_wrong_value(network: Network, name: str) -> None:
    answer = await network.office("ops-poraj").http.get("/referrals", params={name: "a\0"})
    assert (answer.status_code, [field for field, _ in _errors(answer)]) == (422, [name])


@pytest.mark.parametrize("said", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_body_that_is_not_said_to_be_json_is_refused_as_that(network: Network, said: str) -> None:
    poraj = network.office("ops-poraj")
    content = json.dumps(poraj.body("cis-poraj"))
    answer = await poraj.http.post("/referrals", content=content, headers={"Content-Type": said})
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:sciezka:problem:not_json")
    assert _errors(answer) == []


async def test_many_wrong_values_make_no_endless_answer(network: Network) -> None:
    answer = await network.office("ops-poraj").create("cis-poraj", household=[{}] * 20, ground_documents=[{}] * 50_000)
    assert answer.status_code == 422
    assert len(_errors(answer)) <= 100


@pytest.mark.parametrize("content", [b"{", b'{"receiver": "cis-poraj",}', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_not_json_is_called_that(network: Network, content: bytes) -> None:
    http = network.office("ops-poraj").http
    answer = await http.post("/referrals", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, _errors(answer)) == (400, [])
    assert answer.json()["type"] == "urn:sciezka:problem:malformed"


@pytest.mark.parametrize("content", [b"", b"[]", b'"x"', b"null"])
async def test_a_body_that_is_no_object_is_an_error_of_the_body(network: Network, content: bytes) -> None:
    http = network.office("ops-poraj").http
    answer = await http.post("/referrals", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [field for field, _ in _errors(answer)] == ["body"]


async def test_a_body_that_no_referral_needs_is_not_read_to_its_end(network: Network) -> None:
    http = network.client_of("ops-poraj")
    assert (await http.post("/session", content=b" " * (LARGEST_BODY + 1))).status_code == 413
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 20 * LARGEST_BODY:
            taken += LARGEST_BODY // 10
            yield b" " * (LARGEST_BODY // 10)

    answer = await http.post("/session", content=endless(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, _errors(answer)) == (413, [])
    assert taken < 2 * LARGEST_BODY


async def test_a_body_announced_as_too_large_is_not_read_at_all(network: Network) -> None:
    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    headers = {"Content-Length": str(LARGEST_BODY + 1), "Accept-Language": "en"}
    answer = await network.client_of("ops-poraj").post("/session", content=unread(), headers=headers)
    assert (answer.status_code, _errors(answer)) == (413, [])
    assert (answer.headers["content-language"], answer.json()["title"]) == ("en", "The body is too large.")


async def test_a_wrong_field_is_explained_in_the_callers_language(network: Network) -> None:
    poraj = network.office("ops-poraj")
    said = {}
    for language in ("pl", "en", "fr", "en-US,pl;q=0.5", "pl;q=0.3, de, en;q=0.7", "*, pl;q=0.1", "en;q=0", "en;q=x"):
        answer = await poraj.create("cis-poraj", urgency="soon", headers={"Accept-Language": language})
        said[language] = answer.headers["content-language"], answer.json()["errors"][0]["message"]
    assert said["pl"] == ("pl", "Niedozwolona wartość. Dozwolone: normal lub urgent.")
    assert said["en"] == ("en", "Not an allowed value. Allowed: normal or urgent.")
    assert said["fr"] == said["pl"]
    assert said["en-US,pl;q=0.5"] == said["pl;q=0.3, de, en;q=0.7"] == said["*, pl;q=0.1"] == said["en"]
    assert said["en;q=0"] == said["en;q=x"] == said["pl"]


async def test_wrong_query_values_are_fields_too(network: Network) -> None:
    http = network.office("ops-poraj").http
    wrong = {"box": "outbox", "status": "lost", "cursor": "x" * 201}
    answer = await http.get("/referrals", params=wrong)
    assert sorted(_errors(answer)) == [
        ("box", "literal_error"),
        ("cursor", "string_too_long"),
        ("status", "literal_error"),
    ]


async def test_what_does_not_exist_is_not_found_and_wrong_methods_are_named(network: Network) -> None:
    http = network.office("ops-poraj").http
    for answer in (await http.get("/nothing"), await http.get("/referrals/1/actions")):
        assert (answer.status_code, _errors(answer)) == (404, [])
    refused = await http.delete("/referrals")
    assert (refused.status_code, refused.json()["type"]) == (405, "urn:sciezka:problem:method_not_allowed")
    assert (_errors(refused), "POST" in refused.headers["allow"]) == ([], True)


async def test_a_refusal_for_want_of_the_database_is_logged_without_what_stood_in_the_address(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = network.bases["ops"].database("edge").engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    async with AsyncExitStack() as held:
        for _ in range(POOL_SIZE):
            await held.enter_async_context(engine.connect())
        with capture_logs() as logs:
            answer = await network.office("ops-poraj", "a token not seen before").http.get("/paths/85631100011")
    assert answer.status_code == 503
    (line,) = (line for line in logs if line["event"] == "request_refused")
    assert line["route"].endswith("/paths/{path_id}")
    assert "85631100011" not in str(line)


async def test_no_answer_may_be_kept_by_a_cache(network: Network) -> None:
    poraj = network.office("ops-poraj")
    created = await poraj.create("cis-poraj")
    shown = await poraj.http.get(f"/referrals/{created.json()['id']}")
    missing = await poraj.http.get("/nothing")
    assert {answer.headers["cache-control"] for answer in (created, shown, missing)} == {"no-store"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(sorted(NewReferral.model_fields)), value=JSON)
async def test_whatever_stands_in_a_field_the_answer_is_a_referral_or_a_problem(
    network: Network, field: str, value: Any
) -> None:
    answer = await network.office("ops-poraj").create("cis-poraj", **{field: value})
    assert answer.status_code == 201 or (answer.status_code == 422 and _errors(answer))
