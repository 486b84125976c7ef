"""Sealing of personal data for one node, and the blind index by which a known person is found again.

A sealed value is a compact JWE (RFC 7516): ECDH-ES with X25519 (RFC 8037) and A256GCM. Its protected header binds it
to a context, the id of the row it belongs to, so that sealed values cannot be swapped between rows.
"""

import hmac
import json
import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.registry import HeaderParameter

_ALGORITHMS = ["ECDH-ES", "A256GCM"]
_REGISTRY = jwe.JWERegistry(
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
        """`content` readable by node `to` only, bound to `context`. Raises KeyError for a node without a key."""
        key = self._public[to]
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.kid, "ctx": str(context)}
        return jwe.encrypt_compact(header, content, key, registry=_REGISTRY)

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


def _key_file(data: Path, node: str) -> Path:
    return data / "keys" / f"{node}.json"


def _public_file(data: Path) -> Path:
    return data / "keys" / "public.json"


def _write_private(path: Path, content: Any) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def ensure_keys(data: Path, nodes: Iterable[str]) -> None:
    """Create the keys of nodes that have none yet and list all public keys. Existing keys are never replaced."""
    public: dict[str, Any] = json.loads(_public_file(data).read_text()) if _public_file(data).exists() else {}
    for node in nodes:
        if not _key_file(data, node).exists():
            key = OKPKey.generate_key("X25519", auto_kid=True)
            _write_private(_key_file(data, node), {"key": key.as_dict(private=True), "index": secrets.token_hex(32)})
        stored = OKPKey.import_key(json.loads(_key_file(data, node).read_text())["key"])
        public[node] = stored.as_dict(private=False)
    _write_private(_public_file(data), public)


def load_keyring(data: Path, node: str) -> Keyring:
    """The keyring of this node. Raises FileNotFoundError when `ensure_keys` has not run."""
    own = json.loads(_key_file(data, node).read_text())
    public = {name: OKPKey.import_key(key) for name, key in json.loads(_public_file(data).read_text()).items()}
    return Keyring(node, OKPKey.import_key(own["key"]), public, bytes.fromhex(own["index"]))
