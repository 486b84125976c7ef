"""The keyring: what is sealed for one node and one row is readable there and nowhere else."""

import base64
import json
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OKPKey

from contracts.form import Address
from services.kit.keyring import CannotOpen, Keyring, ensure_keys, load_keyring
from services.kit.sealing import seal_text, unseal, unseal_text

NODES = ("ops", "cis")
CONTENT = "Zażółć gęślą jaźń: nobody in particular".encode()
CONTEXT = uuid4()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_keys(folder, NODES)
    return folder


@pytest.fixture(scope="module")
def ops(data: Path) -> Keyring:
    return load_keyring(data, "ops")


@pytest.fixture(scope="module")
def cis(data: Path) -> Keyring:
    return load_keyring(data, "cis")


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def flipped(sealed: str) -> list[str]:
    """The sealed value with one bit changed, in every byte of each of its parts in turn."""
    parts = sealed.split(".")
    changed = []
    for place, content in enumerate(map(unpacked, parts)):
        for index in range(len(content)):
            damaged = packed(bytes([*content[:index], content[index] ^ 1, *content[index + 1 :]]))
            changed.append(".".join([*parts[:place], damaged, *parts[place + 1 :]]))
    return changed


def test_what_one_node_seals_the_other_opens(ops: Keyring, cis: Keyring) -> None:
    assert cis.open(ops.seal(CONTENT, to="cis", context=CONTEXT), context=CONTEXT) == CONTENT


def test_a_sealed_value_shows_nothing_of_its_content_and_is_never_the_same_twice(ops: Keyring) -> None:
    first, second = (ops.seal(CONTENT, to="cis", context=CONTEXT) for _ in range(2))
    assert first != second
    assert packed(CONTENT[:9]) not in first


def test_another_node_cannot_open_it_not_even_the_one_that_sealed_it(ops: Keyring) -> None:
    with pytest.raises(CannotOpen):
        ops.open(ops.seal(CONTENT, to="cis", context=CONTEXT), context=CONTEXT)


def test_it_cannot_be_opened_for_another_row(ops: Keyring, cis: Keyring) -> None:
    with pytest.raises(CannotOpen):
        cis.open(ops.seal(CONTENT, to="cis", context=CONTEXT), context=uuid4())


def test_it_cannot_be_opened_when_a_bit_of_any_byte_is_changed(ops: Keyring, cis: Keyring) -> None:
    for damaged in flipped(ops.seal(CONTENT, to="cis", context=CONTEXT)):
        with pytest.raises(CannotOpen):
            cis.open(damaged, context=CONTEXT)


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_whatever_is_not_sealed_cannot_be_opened(cis: Keyring, text: str) -> None:
    with pytest.raises(CannotOpen):
        cis.open(text, context=CONTEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "ECDH-ES+A128KW"},
        {"enc": "A128GCM"},
        {"enc": []},
        {"ctx": None},
        {"ctx": 7},
        {"epk": None},
        {"epk": {"kty": "OKP", "crv": "Y25519", "x": "A" * 43}},
        {"crit": ["ctx"]},
    ],
    ids=str,
)
def test_a_value_with_another_header_cannot_be_opened(ops: Keyring, cis: Keyring, change: dict[str, object]) -> None:
    header, rest = ops.seal(CONTENT, to="cis", context=CONTEXT).split(".", 1)
    with pytest.raises(CannotOpen):
        cis.open(f"{packed(json.dumps(json.loads(unpacked(header)) | change).encode())}.{rest}", context=CONTEXT)


def test_a_value_sealed_without_a_row_cannot_be_opened(data: Path, cis: Keyring) -> None:
    public = OKPKey.import_key(json.loads((data / "keys" / "public.json").read_text())["cis"])
    sealed = jwe.encrypt_compact(
        {"alg": "ECDH-ES", "enc": "A256GCM"}, CONTENT, public, algorithms=["ECDH-ES", "A256GCM"]
    )
    with pytest.raises(CannotOpen):
        cis.open(sealed, context=CONTEXT)


def test_nobody_seals_for_a_node_without_a_key(ops: Keyring) -> None:
    with pytest.raises(KeyError):
        ops.seal(CONTENT, to="nowhere", context=CONTEXT)


def test_an_absent_text_stays_absent_and_a_text_comes_back(ops: Keyring, cis: Keyring) -> None:
    assert seal_text(ops, None, to="cis", context=CONTEXT) is None
    assert unseal_text(cis, None, context=CONTEXT) is None
    assert unseal_text(cis, seal_text(ops, "", to="cis", context=CONTEXT), context=CONTEXT) == ""


def test_the_index_tells_equality_only_within_one_purpose_institution_and_node(ops: Keyring, cis: Keyring) -> None:
    index = ops.index("person", "ops-poraj", "1")
    assert index == ops.index("person", "ops-poraj", "1")
    others = [
        ops.index("token", "ops-poraj", "1"),
        ops.index("person", "ops-niegowa", "1"),
        ops.index("person", "ops-poraj", "2"),
        cis.index("person", "ops-poraj", "1"),
    ]
    assert len({index, *others}) == 5


def test_only_their_owner_may_read_the_key_files(data: Path) -> None:
    files = list((data / "keys").iterdir())
    sealing, signing = {"ops.json", "cis.json", "public.json"}, {"ops.sign.json", "cis.sign.json", "public.sign.json"}
    assert {file.name for file in files} == sealing | signing
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700


def test_the_list_of_public_keys_holds_no_private_one(data: Path) -> None:
    public = json.loads((data / "keys" / "public.json").read_text())
    assert set(public) == set(NODES)
    assert all("d" not in key for key in public.values())


def test_existing_keys_are_kept_when_a_node_joins(tmp_path: Path) -> None:
    ensure_keys(tmp_path, ("ops",))
    before = load_keyring(tmp_path, "ops")
    sealed = before.seal(CONTENT, to="ops", context=CONTEXT)
    ensure_keys(tmp_path, ("ops", "cis"))
    after = load_keyring(tmp_path, "ops")
    assert after.open(sealed, context=CONTEXT) == CONTENT
    assert after.index("person", "ops-poraj", "1") == before.index("person", "ops-poraj", "1")
    newcomer = load_keyring(tmp_path, "cis")
    assert newcomer.open(after.seal(CONTENT, to="cis", context=CONTEXT), context=CONTEXT) == CONTENT


def test_a_node_without_keys_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_keyring(tmp_path, "ops")


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1f", "\x7f", "\x9c"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_was_sealed_before_control_characters_were_refused_is_read_without_them(
    ops: Keyring, odd: str, ascii_only: bool
) -> None:
    content = json.dumps({"town": f"Po{odd}raj", "street": "Długa 1\n\tm. 2"}, ensure_ascii=ascii_only).encode()
    sealed = ops.seal(content, to="ops", context=CONTEXT)
    assert unseal(ops, Address, sealed, context=CONTEXT) == Address(town="Poraj", street="Długa 1\n\tm. 2")
