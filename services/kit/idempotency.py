"""Hash of a request body, for `Idempotency-Key`: the same meaning gives the same hash, whatever the key order."""

from hashlib import sha256

from pydantic import BaseModel


def request_hash(body: BaseModel) -> str:
    return sha256(body.model_dump_json().encode()).hexdigest()
