"""Who may call: institutions' tokens, people who sign in, and what is kept of either."""

from hashlib import sha256
from typing import Any

import httpx2
import pytest

from services.edge.tokens import MEMORY
from tests.nodes import Network, eventually
from tests.services.database import change, rows
from tests.services.steps import PROBLEM, refused

FAILURES = 10
OVER = "update edge.token set expires_at = now() where hash = $1"
BLOCKED = "update edge.account set blocked_until = now() - interval '1 second' where login = $1"


def _user(network: Network, slug: str, role: str) -> dict[str, Any]:
    user: dict[str, Any] = next(user for user in network.credentials[slug]["users"] if user["role"] == role)
    return user


async def _sign_in(network: Network, slug: str, login: str, password: str) -> httpx2.Response:
    return await network.client_of(slug).post("/session", json={"login": login, "password": password})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer żółw".encode()},
        {"Authorization": "Basic b3BzLXBvcmFqOng="},
    ],
    ids=str,
)
async def test_without_a_valid_token_there_is_no_answer(network: Network, headers: dict[str, Any]) -> None:
    answer = await network.client_of("ops-poraj").get("/referrals", headers=headers)
    assert refused(answer) == (401, "not_authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["title"] == "Brak ważnego tokenu. Zaloguj się lub użyj tokenu instytucji."


async def test_a_refusal_to_answer_speaks_english_to_who_does(network: Network) -> None:
    answer = await network.client_of("ops-poraj").get("/referrals", headers={"Accept-Language": "en"})
    assert answer.json()["title"] == "No valid token. Sign in or use the institution's token."


async def test_a_token_is_valid_at_its_own_node_only(network: Network) -> None:
    foreign = network.office("cis-poraj", network.credentials["ops-poraj"]["token"])
    assert refused(await foreign.http.get("/referrals")) == (401, "not_authenticated")


async def test_who_signs_in_acts_under_their_login_for_a_working_day(network: Network) -> None:
    user = _user(network, "cis-tychy", "CIS_HEAD")
    answer = await _sign_in(network, "cis-tychy", user["login"], user["password"])
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 36_000)
    sent = await network.office("ops-tychy").send("cis-tychy")
    person = network.office("cis-tychy", answer.json()["token"])
    await person.has(sent["id"], status="delivered")
    assert (await person.act(sent["id"], "claim")).json()["claimed_by"] == user["login"]


@pytest.mark.parametrize("used_before", [False, True])
async def test_a_session_that_is_over_is_no_token_but_for_the_few_seconds_it_is_remembered(
    network: Network, used_before: bool
) -> None:
    user = _user(network, "cis-tychy", "CIS_SOCIAL_WORKER")
    token = (await _sign_in(network, "cis-tychy", user["login"], user["password"])).json()["token"]
    http = network.office("cis-tychy", token).http
    if used_before:
        assert (await http.get("/notifications")).status_code == 200
    await change(network, "cis", OVER, sha256(token.encode()).digest())

    async def over() -> bool:
        return (await http.get("/notifications")).status_code == 401

    await eventually(over, within=MEMORY + 1 if used_before else 1)


async def test_a_wrong_password_and_an_unknown_login_are_refused_alike(network: Network) -> None:
    known = _user(network, "cis-tychy", "CIS_HEAD")["login"]
    answers = [await _sign_in(network, "cis-tychy", login, "wrong") for login in (known, "nobody@cis-tychy", "")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert answers[0].json() == {
        "type": f"{PROBLEM}wrong_password",
        "title": "Niepoprawny login lub hasło.",
        "status": 401,
    }


async def test_a_login_belongs_to_one_node(network: Network) -> None:
    user = _user(network, "cis-tychy", "CIS_HEAD")
    answer = await _sign_in(network, "ops-poraj", user["login"], user["password"])
    assert refused(answer) == (401, "wrong_password")


async def test_after_ten_wrong_passwords_in_a_row_a_login_rests_even_for_the_right_one(network: Network) -> None:
    user = _user(network, "owes-jowes", "OWES_HEAD")

    async def attempt(password: str) -> int:
        return (await _sign_in(network, "owes-jowes", user["login"], password)).status_code

    assert [await attempt("wrong") for _ in range(FAILURES)] == [401] * FAILURES
    answer = await _sign_in(network, "owes-jowes", user["login"], user["password"])
    assert refused(answer) == (429, "too_many_attempts")
    assert answer.json()["title"] == "Zbyt wiele nieudanych prób logowania. Spróbuj za kwadrans."
    await change(network, "owes", BLOCKED, user["login"])
    assert [await attempt(password) for password in (user["password"], "wrong", user["password"])] == [201, 401, 201]


async def test_neither_tokens_nor_passwords_are_kept_in_the_clear(network: Network) -> None:
    user = _user(network, "pup-tychy", "PUP_HEAD")
    session = (await _sign_in(network, "pup-tychy", user["login"], user["password"])).json()["token"]
    token = network.credentials["pup-tychy"]["token"]
    tokens = await rows(network, "pup", "select token::text as row, hash from edge.token")
    accounts = await rows(network, "pup", "select account::text as row from edge.account")
    kept = " ".join(row["row"] for row in (*tokens, *accounts))
    assert user["login"] in kept
    for secret in (session, token, user["password"]):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert {sha256(secret.encode()).digest() for secret in (session, token)} <= {row["hash"] for row in tokens}
    assert kept.count("$argon2id$") == len(accounts)
