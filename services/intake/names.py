"""Names as they are compared: without case and diacritics, in parts, and as they sound. Pure."""

import re
import unicodedata

_PARTS = re.compile(r"[\s\-‐-―]+")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"rz", "z"),
        (r"[sc]z", "s"),
        (r"ch", "h"),
        (r"c(?=[ei])", "s"),
        (r"ck|c|q", "k"),
        (r"ph", "f"),
        (r"[vw]", "w"),
        (r"x", "ks"),
        (r"[jyi]", "i"),
        (r"u", "o"),  # ó and u sound alike, and ó was folded to o
        (r"(.)\1+", r"\1"),
    )
)


def folded(name: str) -> str:
    """Without case and diacritics; ł has no decomposition of its own."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


def parts(name: str) -> tuple[str, ...]:
    """The parts of a double name, folded: `Nowak-Kowalska` has two."""
    return tuple(part for part in _PARTS.split(folded(name)) if part)


def sound(part: str) -> str:
    """One part of a name roughly as it sounds, for finding only: Rzepka and Żepka are alike."""
    for pattern, replacement in _SOUNDS:
        part = pattern.sub(replacement, part)
    return part
