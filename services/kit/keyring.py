"""Sealing of personal data for one node, and the blind index by which a known person is found again.

A sealed value is a compact JWE (RFC 7516): ECDH-ES with X25519 (RFC 8037) and A256GCM. Its protected header binds it
to a context, the id of the row it belongs to, so that sealed values cannot be swapped between rows.
"""

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.registry import HeaderParameter

from services.kit.key_files import key_file, read_keys, write_keys
from services.kit.problems import Problem
from services.kit.signing import ensure_signing_keys

_PUBLIC = "public"
_ALGORITHMS = ["ECDH-ES", "A256GCM"]


class _Registry(jwe.JWERegistry):
    """joserfc opens 64 KB at most, and a long form or a part of a file is more; it seals whatever it is given."""

    max_ciphertext_length = 2_000_000
    """Characters: more than the largest body of a request makes."""


_REGISTRY = _Registry(
    header_registry={"ctx": HeaderParameter("row this value belongs to", "str", required=True)}, algorithms=_ALGORITHMS
)


class CannotOpen(Exception):
    """The sealed value is damaged, meant for another node, or belongs to another row."""


class Keyring:
    """The keys of one node: its own private key and index key, and every node's public key."""

    def __init__(self, node: str, private: OKPKey, public: dict[str, OKPKey], index_key: bytes) -> None:
        self.node = node
        self._private = private
        self._public = public
        self._index_key = index_key

    def seal(self, content: bytes, *, to: str, context: object) -> str:
        """`content` readable by node `to` only, bound to `context`.

        Raises KeyError for a node without a key, Problem 413 for more than could be opened again.
        """
        key = self._public[to]
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.kid, "ctx": str(context)}
        sealed = jwe.encrypt_compact(header, content, key, registry=_REGISTRY)
        if len(sealed) > _REGISTRY.max_ciphertext_length:
            raise Problem("too_large")
        return sealed

    def open(self, sealed: str, *, context: object) -> bytes:
        """The content of a value sealed for this node. Raises CannotOpen."""
        try:
            opened = jwe.decrypt_compact(sealed, self._private, registry=_REGISTRY)
        except (JoseError, ValueError, LookupError, TypeError) as error:
            # joserfc trusts the header it decodes: a damaged one fails in any of these ways
            raise CannotOpen(type(error).__name__) from None
        if opened.protected.get("ctx") != str(context) or opened.plaintext is None:
            raise CannotOpen("belongs to another row")
        return opened.plaintext

    def index(self, purpose: str, agency: str, value: str) -> bytes:
        """Blind index of a value, different per purpose and institution: tells its owner what is equal, nobody else."""
        return hmac.new(self._index_key, f"{purpose}\x1f{agency}\x1f{value}".encode(), sha256).digest()


def ensure_keys(data: Path, nodes: Iterable[str]) -> None:
    """Create the keys of nodes that have none yet, for sealing and for signing, and list all public keys.

    Existing keys are never replaced.
    """
    names = tuple(nodes)
    listed = key_file(data, _PUBLIC)
    public: dict[str, Any] = read_keys(listed) if listed.exists() else {}
    for node in names:
        if not key_file(data, node).exists():
            key = OKPKey.generate_key("X25519", auto_kid=True)
            write_keys(key_file(data, node), {"key": key.as_dict(private=True), "index": secrets.token_hex(32)})
        stored = OKPKey.import_key(read_keys(key_file(data, node))["key"])
        public[node] = stored.as_dict(private=False)
    write_keys(listed, public)
    ensure_signing_keys(data, names)


def load_keyring(data: Path, node: str) -> Keyring:
    """The keyring of this node. Raises FileNotFoundError when `ensure_keys` has not run."""
    own = read_keys(key_file(data, node))
    public = {name: OKPKey.import_key(key) for name, key in read_keys(key_file(data, _PUBLIC)).items()}
    return Keyring(node, OKPKey.import_key(own["key"]), public, bytes.fromhex(own["index"]))
