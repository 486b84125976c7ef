"""Tokens and people of institutions: made once, completed when there is something new."""

import json
from pathlib import Path

from contracts.directory import Adviser, Agency, Directory
from stack.credentials import credentials_path, ensure_credentials

OPS = Agency(slug="ops-poraj", kind="ops", node="ops", name="OPS", town="Poraj", county="myszkowski")
WORKER = "ops-social-worker@ops-poraj"
KIS = Agency(
    slug="kis-poraj",
    kind="kis",
    node="ops",
    name="KIS",
    town="Poraj",
    county="myszkowski",
    advisers=(Adviser(login=WORKER, role="KIS_COORDINATOR"),),
)
DIRECTORY = Directory(agencies=(OPS,))
URLS = {"ops": "http://one"}


def test_a_role_that_is_new_gets_a_person_and_everybody_else_keeps_token_and_password(tmp_path: Path) -> None:
    before = ensure_credentials(tmp_path, DIRECTORY, URLS, training=True)
    users = [user for user in before["ops-poraj"]["users"] if user["role"] != "OPS_DEPUTY"]
    older = {"ops-poraj": {**before["ops-poraj"], "users": users}}
    credentials_path(tmp_path).write_text(json.dumps(older), encoding="utf-8")

    after = ensure_credentials(tmp_path, DIRECTORY, {"ops": "http://two"}, training=True)["ops-poraj"]

    assert after["users"][: len(users)] == users
    assert [user["login"] for user in after["users"][len(users) :]] == ["ops-deputy@ops-poraj"]
    assert (after["token"], after["url"]) == (before["ops-poraj"]["token"], "http://two")


def test_people_from_before_there_were_names_get_one_and_no_two_the_same(tmp_path: Path) -> None:
    before = ensure_credentials(tmp_path, DIRECTORY, URLS, training=True)
    first, *others = before["ops-poraj"]["users"]
    nameless = {"ops-poraj": {**before["ops-poraj"], "users": [{**first, "name": ""}, *others]}}
    credentials_path(tmp_path).write_text(json.dumps(nameless), encoding="utf-8")
    names = [
        user["name"] for user in ensure_credentials(tmp_path, DIRECTORY, URLS, training=True)["ops-poraj"]["users"]
    ]
    assert all(names)
    assert len(set(names)) == len(names)


def test_where_real_people_work_there_is_an_administrator_who_lets_them_in_and_nobody_else(tmp_path: Path) -> None:
    (only,) = ensure_credentials(tmp_path, DIRECTORY, URLS, training=False)["ops-poraj"]["users"]
    assert (only["login"], only["role"], only["name"]) == ("admin@ops-poraj", "ADMIN", "Administrator")


def test_whom_the_directory_names_at_another_institution_of_the_node_works_there_too(tmp_path: Path) -> None:
    both = Directory(agencies=(KIS, OPS))
    for _ in range(2):
        found = ensure_credentials(tmp_path, both, URLS, training=True)
    own, borrowed = (user for user in found["kis-poraj"]["users"] if user["role"] == "KIS_COORDINATOR")
    worker = next(user for user in found["ops-poraj"]["users"] if user["login"] == WORKER)
    assert own["login"] == "kis-coordinator@kis-poraj"
    assert borrowed == {**worker, "role": "KIS_COORDINATOR"}
