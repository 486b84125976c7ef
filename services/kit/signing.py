"""Signatures of nodes: what one node says of a link, another can prove later.

A signed message is a compact JWS (RFC 7515) with Ed25519 (RFC 8037, RFC 9864). Its protected header tells what it is,
so that nothing signed as one thing can be shown as another.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from contracts.control import LinkTalk
from services.kit.key_files import key_file, read_keys, write_keys

_ALGORITHM = "Ed25519"
_PUBLIC = "public.sign"

TalkT = TypeVar("TalkT", bound=LinkTalk)


class BadSignature(Exception):
    """Not signed by the node that should have, or not what it is given for."""


class Signer:
    """The signing key of one node, and every node's public key."""

    def __init__(self, node: str, private: OKPKey, public: Mapping[str, OKPKey]) -> None:
        self.node = node
        self._private = private
        self._public = public

    def sign(self, talk: LinkTalk) -> str:
        """The token: what is said and the signature of this node."""
        header = {"alg": _ALGORITHM, "kid": self._private.kid, "typ": talk.what}
        return jws.serialize_compact(header, talk.model_dump_json(), self._private, algorithms=[_ALGORITHM])

    def read(self, model: type[TalkT], token: str | bytes) -> TalkT:
        """What a token says, which the node that it names as its teller has signed. Raises BadSignature."""
        try:
            unproven = jws.extract_compact(token.encode() if isinstance(token, str) else token)
            talk = model.model_validate_json(unproven.payload)
            proven = jws.deserialize_compact(token, self._public[talk.teller], algorithms=[_ALGORITHM])
        except (JoseError, ValidationError, ValueError, LookupError, TypeError) as error:
            # joserfc trusts the header it decodes: a damaged one fails in any of these ways
            raise BadSignature(type(error).__name__) from None
        if proven.protected.get("typ") != model.what:
            raise BadSignature("another kind of message")
        return talk


def _sign_file(node: str) -> str:
    return f"{node}.sign"


def ensure_signing_keys(data: Path, nodes: Iterable[str]) -> None:
    """Create the signing keys of nodes that have none yet and list all public ones. None is ever replaced."""
    listed = key_file(data, _PUBLIC)
    public: dict[str, Any] = read_keys(listed) if listed.exists() else {}
    for node in nodes:
        own = key_file(data, _sign_file(node))
        if not own.exists():
            write_keys(own, OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True))
        public[node] = OKPKey.import_key(read_keys(own)).as_dict(private=False)
    write_keys(listed, public)


def load_signer(data: Path, node: str) -> Signer:
    """The signer of this node. Raises FileNotFoundError when `ensure_signing_keys` has not run."""
    public = {name: OKPKey.import_key(key) for name, key in read_keys(key_file(data, _PUBLIC)).items()}
    return Signer(node, OKPKey.import_key(read_keys(key_file(data, _sign_file(node)))), public)
