"""Proof that a form comes from a page of ours: an HMAC of the session's token in every form, and whose form it is.

The second part proves nothing and is no secret: it tells, once the session is over, in which person's name and post
the form was begun.
"""

import hmac
from hashlib import sha256

FIELD = "_csrf"


def csrf_of(token: str, login: str, agency: str, role: str) -> str:
    """What a form of this session carries; it tells nothing of the token."""
    owner = owner_of(login, agency, role)
    return f"{hmac.new(token.encode(), f'form {owner}'.encode(), sha256).hexdigest()}.{owner}"


def owner_of(login: str, agency: str, role: str) -> str:
    """A person in a post, as forms name them."""
    return sha256("\x1f".join((login, agency, role)).encode()).hexdigest()[:16]


def told_owner(told: str) -> str:
    """Whose form this is, by its own account."""
    return told.rpartition(".")[2]


def is_ours(expected: str, told: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(expected.encode(), told.encode())
