"""Who may call: institutions' tokens, people who sign in, and what is kept of either."""

import asyncio
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from contracts.sessions import PASSIVE
from services.edge.tokens import MEMORY
from tests.nodes import Network, eventually
from tests.services.database import administrator, change, rows, wait_for_locks
from tests.services.steps import PROBLEM, errors, refused

FAILURES = 10
OVER = "update edge.token set expires_at = now() where hash = $1"
SEEN = "update edge.token set last_seen = now() - make_interval(mins => $2) where hash = $1"
AGE = "select extract(minute from now() - last_seen)::integer as minutes from edge.token where hash = $1"
ENDING = "update edge.token set expires_at = now() + interval '1 minute' where hash = $1"
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

    if used_before:
        await eventually(over, within=MEMORY + 3)
    assert await over()


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
    assert answer.json()["title"] == "Zbyt wiele nieudanych prób logowania. Spróbuj ponownie za 15 min."
    assert 0 < int(answer.headers["retry-after"]) <= 900
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


async def test_a_session_tells_who_it_is_and_until_when_and_an_institutions_token_has_no_end(network: Network) -> None:
    user = _user(network, "cis-tychy", "CIS_HEAD")
    token = (await _sign_in(network, "cis-tychy", user["login"], user["password"])).json()["token"]
    told = (await network.office("cis-tychy", token).http.get("/session")).json()
    assert (told["login"], told["name"], told["agency"], told["role"]) == (
        user["login"],
        user["name"],
        "cis-tychy",
        "CIS_HEAD",
    )
    assert told["label"] == "kierownik CIS"
    assert [(post["agency"], post["role"]) for post in told["posts"]] == [("cis-tychy", "CIS_HEAD")]
    assert told["expires_at"] < told["ends_at"]
    program = (await network.office("cis-tychy").http.get("/session")).json()
    assert (program["login"], program["role"], program["expires_at"]) == ("cis-tychy", None, None)
    assert set(program["roles"]) == {"CIS_SOCIAL_WORKER", "CIS_HEAD"}


@pytest.mark.parametrize(("headers", "minutes"), [({PASSIVE: "1"}, 29), ({}, 0)])
async def test_what_a_person_does_keeps_a_session_going_and_a_page_that_refreshes_itself_does_not(
    network: Network, headers: dict[str, str], minutes: int
) -> None:
    user = _user(network, "pup-tychy", "PUP_ADVISER")
    token = (await _sign_in(network, "pup-tychy", user["login"], user["password"])).json()["token"]
    digest = sha256(token.encode()).digest()
    await change(network, "pup", SEEN, digest, 29)
    assert (await network.office("pup-tychy", token).http.get("/notifications", headers=headers)).status_code == 200
    (age,) = await rows(network, "pup", AGE, digest)
    assert age["minutes"] == minutes


async def test_a_session_in_which_nothing_was_done_for_half_an_hour_is_over(network: Network) -> None:
    user = _user(network, "pup-tychy", "PUP_ADVISER")
    token = (await _sign_in(network, "pup-tychy", user["login"], user["password"])).json()["token"]
    await change(network, "pup", SEEN, sha256(token.encode()).digest(), 30)
    assert refused(await network.office("pup-tychy", token).http.get("/notifications")) == (401, "not_authenticated")


async def test_sessions_that_are_over_do_not_stay_behind(network: Network) -> None:
    user = _user(network, "pup-myszkow", "PUP_ADVISER")
    token = (await _sign_in(network, "pup-myszkow", user["login"], user["password"])).json()["token"]
    digest = sha256(token.encode()).digest()
    await change(network, "pup", SEEN, digest, 31)
    await _sign_in(network, "pup-myszkow", user["login"], user["password"])
    assert await rows(network, "pup", "select 1 from edge.token where hash = $1", digest) == []


async def test_who_says_to_be_there_still_keeps_the_session_but_not_beyond_its_longest_life(network: Network) -> None:
    user = _user(network, "pup-tychy", "PUP_ADVISER")
    token = (await _sign_in(network, "pup-tychy", user["login"], user["password"])).json()["token"]
    digest = sha256(token.encode()).digest()
    http = network.office("pup-tychy", token).http
    await change(network, "pup", SEEN, digest, 20)
    before = (await http.get("/session", headers={PASSIVE: "1"})).json()
    after = (await http.post("/session/extend")).json()
    assert before["expires_at"] < after["expires_at"] < after["ends_at"]
    await change(network, "pup", ENDING, digest)
    last = (await http.post("/session/extend")).json()
    assert last["expires_at"] == last["ends_at"]


async def test_signing_out_ends_the_session_at_once(network: Network) -> None:
    user = _user(network, "cis-tychy", "CIS_HEAD")
    token = (await _sign_in(network, "cis-tychy", user["login"], user["password"])).json()["token"]
    http = network.office("cis-tychy", token).http
    assert (await http.get("/notifications")).status_code == 200
    assert (await http.delete("/session")).status_code == 204
    assert refused(await http.get("/notifications")) == (401, "not_authenticated")
    assert refused(await network.office("cis-tychy").http.delete("/session")) == (409, "not_a_session")


async def test_a_person_of_two_institutions_is_signed_in_for_one_and_changes_to_the_other(network: Network) -> None:
    user = _user(network, "ops-zdunska-wola", "OPS_SOCIAL_WORKER")
    chosen = {"agency": "ops-zdunska-wola", "role": "OPS_SOCIAL_WORKER"}
    body = {"login": user["login"], "password": user["password"], "post": chosen}
    first = (await network.client_of("ops-zdunska-wola").post("/session", json=body)).json()
    assert {(post["agency"], post["role"]) for post in first["posts"]} == {
        ("ops-zdunska-wola", "OPS_SOCIAL_WORKER"),
        ("kis-zdunska-wola", "KIS_COORDINATOR"),
    }
    assert first["agency"] == "ops-zdunska-wola"
    http = network.office("ops-zdunska-wola", first["token"]).http
    answer = await http.post("/session/switch", json={"agency": "kis-zdunska-wola", "role": "KIS_COORDINATOR"})
    assert (answer.status_code, answer.json()["agency"], answer.json()["label"]) == (
        201,
        "kis-zdunska-wola",
        "koordynator KIS",
    )
    assert answer.json()["ends_at"] == first["ends_at"]
    assert refused(await http.get("/session")) == (401, "not_authenticated")
    again = (await _sign_in(network, "ops-zdunska-wola", user["login"], user["password"])).json()
    assert again["agency"] == "kis-zdunska-wola", "the post of last time"
    http = network.office("ops-zdunska-wola", again["token"]).http
    other = await http.post("/session/switch", json={"agency": "ops-zdunska-wola", "role": "OPS_HEAD"})
    assert refused(other) == (403, "post_not_held")


async def test_a_chosen_post_must_be_held(network: Network) -> None:
    user = _user(network, "ops-zdunska-wola", "OPS_SOCIAL_WORKER")
    choice = {"agency": "ops-zdunska-wola", "role": "OPS_SOCIAL_WORKER"}
    body = {"login": user["login"], "password": user["password"], "post": choice}
    http = network.client_of("ops-zdunska-wola")
    assert (await http.post("/session", json=body)).json()["agency"] == "ops-zdunska-wola"
    wrong = await http.post("/session", json={**body, "post": {**choice, "role": "OPS_HEAD"}})
    assert refused(wrong) == (403, "post_not_held")
    strange = await http.post("/session", json={**body, "password": "wrong", "post": {**choice, "role": "OPS_HEAD"}})
    assert refused(strange) == (401, "wrong_password")


async def test_a_person_changes_their_password_and_their_other_sessions_end(network: Network) -> None:
    user = _user(network, "owes-jowes", "OWES_KEY_ADVISER")
    tokens = [(await _sign_in(network, "owes-jowes", user["login"], user["password"])).json()["token"] for _ in "ab"]
    here, there = (network.office("owes-jowes", token).http for token in tokens)
    wish = {"password": "wrong", "new_password": "cztery długie słowa"}
    answer = await here.post("/session/password", json=wish)
    assert (refused(answer), errors(answer)) == ((422, "invalid"), [("password", "password_wrong")])
    assert (await here.post("/session/password", json={**wish, "password": user["password"]})).status_code == 204
    assert ((await here.get("/session")).status_code, (await there.get("/session")).status_code) == (200, 401)
    assert refused(await _sign_in(network, "owes-jowes", user["login"], user["password"])) == (401, "wrong_password")
    back = {"password": wish["new_password"], "new_password": user["password"]}
    assert (await here.post("/session/password", json=back)).status_code == 204


async def test_a_password_hashed_by_older_figures_is_hashed_anew_at_the_next_sign_in(network: Network) -> None:
    user = _user(network, "pup-myszkow", "PUP_HEAD")
    kept = "select password from edge.account where login = $1"
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(user["password"])
    await change(network, "pup", "update edge.account set password = $2 where login = $1", user["login"], old)
    assert refused(await _sign_in(network, "pup-myszkow", user["login"], "wrong")) == (401, "wrong_password")
    assert [row["password"] for row in await rows(network, "pup", kept, user["login"])] == [old]
    stored = []
    for _ in range(2):
        assert (await _sign_in(network, "pup-myszkow", user["login"], user["password"])).status_code == 201
        stored += [row["password"] for row in await rows(network, "pup", kept, user["login"])]
    assert stored[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored[0] == stored[1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from edge.token where actor = $1", (401, "not_authenticated")),
        ("update edge.account set disabled_at = now() where login = $1", (403, "account_disabled")),
    ],
)
async def test_who_is_shut_out_while_changing_to_another_post_does_not_come_in_there(
    network: Network, statement: str, said: tuple[int, str]
) -> None:
    user = _user(network, "kis-zdunska-wola", "KIS_COORDINATOR")
    token = (await _sign_in(network, "kis-zdunska-wola", user["login"], user["password"])).json()["token"]
    here = network.office("kis-zdunska-wola", token).http
    async with administrator(network, "ops") as connection:
        async with connection.transaction():
            await connection.execute(statement, user["login"])
            await connection.execute("select 1 from edge.account where login = $1 for update", user["login"])
            choice = {"agency": "kis-zdunska-wola", "role": "KIS_COORDINATOR"}
            switching = asyncio.create_task(here.post("/session/switch", json=choice))
            await wait_for_locks(network, "ops", 1)
        assert refused(await switching) == said
        await connection.execute("update edge.account set disabled_at = null where login = $1", user["login"])
