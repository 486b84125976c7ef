"""Tokens and people of institutions: made once, completed when there is something new."""

import json
from pathlib import Path

from contracts.directory import Agency, Directory
from stack.credentials import credentials_path, ensure_credentials

OPS = Agency(slug="ops-poraj", kind="ops", node="ops", name="OPS", town="Poraj", county="myszkowski")
DIRECTORY = Directory(agencies=(OPS,))


def test_a_role_that_is_new_gets_a_person_and_everybody_else_keeps_token_and_password(tmp_path: Path) -> None:
    before = ensure_credentials(tmp_path, DIRECTORY, {"ops": "http://one"})
    users = [user for user in before["ops-poraj"]["users"] if user["role"] != "OPS_DEPUTY"]
    older = {"ops-poraj": {**before["ops-poraj"], "users": users}}
    credentials_path(tmp_path).write_text(json.dumps(older), encoding="utf-8")

    after = ensure_credentials(tmp_path, DIRECTORY, {"ops": "http://two"})["ops-poraj"]

    assert after["users"][: len(users)] == users
    assert [user["login"] for user in after["users"][len(users) :]] == ["ops-deputy@ops-poraj"]
    assert (after["token"], after["url"]) == (before["ops-poraj"]["token"], "http://two")
