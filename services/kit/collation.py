"""The order of Polish names: ą after a, ł after l, ó after o; capitals, hyphens and others' accents do not count."""

from functools import lru_cache
from unicodedata import combining, normalize

_LETTERS = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_PLACE = {letter: place for place, letter in enumerate(_LETTERS, start=100)}


@lru_cache(maxsize=4096)
def in_order(text: str) -> tuple[tuple[int, ...], str]:
    """The key by which Polish words are sorted (PN-N-01228: spaces before digits before letters)."""
    return tuple(_place(letter) for letter in text.lower() if letter.isalnum() or letter == " "), text


def _place(letter: str) -> int:
    if letter in _PLACE:
        return _PLACE[letter]
    plain = "".join(part for part in normalize("NFKD", letter) if not combining(part))
    return _PLACE.get(plain[:1], ord(letter))
