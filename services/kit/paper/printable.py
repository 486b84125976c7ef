"""Text that people typed, as it can be set on paper: the letters that the fonts have, and lines that can be broken."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x2FF),
    (0x384, 0x482),
    (0x48A, 0x4FF),
    (0x531, 0x587),
    (0x5D0, 0x5EA),
    (0x621, 0x63A),
    (0x640, 0x64A),
    (0x660, 0x66C),
    (0x10D0, 0x10FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x203E),
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x211E),
    (0x2153, 0x2184),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2500, 0x25FF),
    (0x2600, 0x2606),
    (0x2701, 0x2704),
    (0x2706, 0x2709),
    (0x270C, 0x2714),
)
"""What the fonts can set of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and Georgian script, and of signs."""

_STARTS = [first for first, _ in _RANGES]
_ENDLESS = re.compile(r"[\S\u00a0]{40,}")
_PIECE = 20
"""Characters of an endless word after which it may go on in the next line."""
_LONELY = re.compile(r"(?<!\w)([aiouwzAIOUWZ]|art\.|ust\.|pkt|lit\.|poz\.|nr|godz\.|Dz\.|U\.) (?=\S)")
_YEAR = re.compile(r"(?<=\d{4}) r\.")
"""What Polish typesetting keeps together: a one-letter word with the next, and a number with what it counts."""


def printable(text: str) -> str:
    """The text without what cannot be set or would reorder it; a sign that no font has is named: `[znak U+1F600]`."""
    shown = "".join(map(_shown, unicodedata.normalize("NFC", text)))
    together = _YEAR.sub("\u00a0r.", _LONELY.sub("\\1\u00a0", shown))
    return _ENDLESS.sub(_breakable, together)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that hold something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def sets(character: str) -> bool:
    """Whether the fonts have it."""
    place = bisect_right(_STARTS, ord(character)) - 1
    return place >= 0 and ord(character) <= _RANGES[place][1]


def settable() -> Iterator[str]:
    """Every character that is set as it is."""
    every = (chr(each) for first, last in _RANGES for each in range(first, last + 1))
    return (each for each in every if _shown(each) == each)


def _shown(character: str) -> str:
    """Invisible signs, among them those that turn the direction of writing, and marks over nothing are left out."""
    if character.isspace():
        return "\u00a0" if character == "\u00a0" else " "
    kind = unicodedata.category(character)
    if kind[0] in "CM":
        return ""
    return character if sets(character) else f"[znak U+{ord(character):04X}]"


def _breakable(endless: re.Match[str]) -> str:
    word = endless[0]
    return "\u200b".join(word[at : at + _PIECE] for at in range(0, len(word), _PIECE))
