"""Identifiers: what they look like and how one follows from another."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6c0b9b0e-6f0c-5d6a-9a55-7c1f2e1d4a10")
"""Root of every derived identifier; changing it would double what was already emitted."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""No I, L, O, U, Z, so that it can be read aloud; 31 signs, a prime, so that the check character misses no slip."""
_DIGITS = 7


def derived(*parts: object) -> UUID:
    """The one identifier that belongs to these parts, the same wherever and whenever it is computed."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))


def workflow_id(path_id: UUID) -> str:
    """Temporal's id of the workflow that follows this path."""
    return f"path-{path_id}"


def case_number(referral_id: UUID, year: int) -> str:
    """A number to say on the phone, `S26-7K3M-Q9XA`: the year, 34 bits of the random id, a check character.

    It is not sequential, so that nobody can count or guess referrals (ASVS 5.0, 8.2.2). 34 bits do collide once in
    a few hundred thousand, so the number is for people; the key is the id.
    """
    rest = int.from_bytes(referral_id.bytes[-8:], "big")
    digits = ""
    for _ in range(_DIGITS):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    body = digits + _check_character(digits, year)
    return f"S{year % 100:02d}-{body[:4]}-{body[4:]}"


def _check_character(digits: str, year: int) -> str:
    """Weighted sum modulo 31, so that any one wrong character and any swap of neighbours shows, in the year too."""
    total = year % 100 + sum(weight * _ALPHABET.index(digit) for weight, digit in enumerate(digits, start=2))
    return _ALPHABET[total % len(_ALPHABET)]
