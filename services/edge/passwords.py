"""Passwords: hashed slowly, compared in a time that tells nothing, made where nobody may choose one."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet. The library's own default
takes seven times the processor, which all who sign in at eight o'clock would feel."""
_NOBODY = _hasher.hash("nobody")

_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
"""No l, o, 0, 1: a new password is read aloud, or typed from paper."""
_GROUPS, _GROUP = 4, 4
"""80 bits."""


async def hashed(password: str) -> str:
    """As argon2id, in a thread of its own."""
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Takes the same time whether there is a stored one or not."""
    return await asyncio.to_thread(_matches, stored or _NOBODY, password)


def is_weak(stored: str) -> bool:
    """Whether it was hashed by other figures than those of now: such a password takes another time to compare."""
    return _hasher.check_needs_rehash(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except Argon2Error:
        return False


def made() -> str:
    """A new password, such as `k3mw-x8pd-tq4r-v9nc`."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
