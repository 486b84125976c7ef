"""Identifiers: what they look like and how one follows from another."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6c0b9b0e-6f0c-5d6a-9a55-7c1f2e1d4a10")
"""Root of every derived identifier; changing it would double what was already emitted."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U, so that it can be read aloud


def derived(*parts: object) -> UUID:
    """The one identifier that belongs to these parts, the same wherever and whenever it is computed."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))


def workflow_id(path_id: UUID) -> str:
    """Temporal's id of the workflow that follows this path."""
    return f"path-{path_id}"


def case_number(referral_id: UUID, year: int) -> str:
    """A number to say on the phone, `S26-7K3M-Q9XA`: the year, 35 bits of the random id, a check character.

    It is not sequential, so that nobody can count or guess referrals (ASVS 5.0, 8.2.2). 35 bits do collide once in
    a few hundred thousand, so the number is for people; the key is the id.
    """
    bits = int.from_bytes(referral_id.bytes[-5:], "big") & ((1 << 35) - 1)
    digits = "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(30, -1, -5))
    body = digits + _check_character(digits)
    return f"S{year % 100:02d}-{body[:4]}-{body[4:]}"


def _check_character(digits: str) -> str:
    """Weighted sum modulo 31 (prime), so that any one wrong character and any swap of neighbours shows."""
    total = sum(weight * _ALPHABET.index(digit) for weight, digit in enumerate(digits, start=2))
    return _ALPHABET[total % 31]
