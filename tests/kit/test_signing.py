"""Signed talk of links: only the node that is named as its teller can have said it, and only as what it was said."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from joserfc import jws

from contracts.control import Receipt, Replay
from services.kit.key_files import key_file
from services.kit.signing import BadSignature, Signer, ensure_signing_keys, load_signer
from tests.kit.examples import AT

NODES = ("ops", "cis", "pup")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    ensure_signing_keys(tmp_path, NODES)
    return tmp_path


def receipt(reader: str = "cis") -> Receipt:
    return Receipt(writer="ops", reader=reader, family="intake", at=AT, seq=7, hash="a" * 64)


def test_what_a_node_signed_is_read_by_another(data: Path) -> None:
    assert load_signer(data, "ops").read(Receipt, load_signer(data, "cis").sign(receipt())) == receipt()


def test_what_another_node_signed_in_its_name_is_refused(data: Path) -> None:
    with pytest.raises(BadSignature):
        load_signer(data, "ops").read(Receipt, load_signer(data, "pup").sign(receipt("cis")))


def test_what_was_changed_afterwards_is_refused(data: Path) -> None:
    header, payload, signature = load_signer(data, "cis").sign(receipt()).split(".")
    said = json.loads(urlsafe_b64decode(payload + "=="))
    forged = urlsafe_b64encode(json.dumps(said | {"seq": 8}).encode()).decode().rstrip("=")
    with pytest.raises(BadSignature):
        load_signer(data, "ops").read(Receipt, f"{header}.{forged}.{signature}")


def test_what_was_signed_as_one_thing_is_not_read_as_another(data: Path) -> None:
    """Fields that are not known are passed over, so only the header keeps the two apart."""
    signer = load_signer(data, "cis")
    both = {**receipt().model_dump(mode="json"), "first": 1, "last": 1}
    token = jws.serialize_compact({"alg": "Ed25519", "typ": "receipt"}, json.dumps(both), signer._private, ["Ed25519"])
    assert signer.read(Receipt, token) == receipt()
    with pytest.raises(BadSignature):
        signer.read(Replay, token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.e30"])
def test_what_is_no_token_is_refused(data: Path, token: str) -> None:
    with pytest.raises(BadSignature):
        load_signer(data, "ops").read(Receipt, token)


def test_a_token_of_a_node_without_a_key_is_refused(data: Path) -> None:
    known = load_signer(data, "cis")
    stranger = Signer("ops", known._private, {})
    with pytest.raises(BadSignature):
        stranger.read(Receipt, known.sign(receipt()))


def test_keys_are_never_replaced_and_only_their_owner_may_read_them(data: Path) -> None:
    before = {path.name: path.read_text() for path in (data / "keys").iterdir()}
    ensure_signing_keys(data, NODES)
    assert {path.name: path.read_text() for path in (data / "keys").iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in (data / "keys").iterdir()} == {0o600}


def test_the_list_of_public_keys_holds_no_private_one(data: Path) -> None:
    public = json.loads(key_file(data, "public.sign").read_text())
    assert set(public) == set(NODES)
    assert all("d" not in key for key in public.values())
