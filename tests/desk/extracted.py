"""Every text of the desk as its templates and its code hold it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

DESK = Path(__file__).parents[2] / "services" / "desk"
LOCALE = DESK / "locale"

Text = str | tuple[str, str]
"""A sentence, or the two Polish forms of one with a number."""

_HOW = {
    ".html": ("jinja2.ext:babel_extract", {"extensions": "jinja2.ext.do", "silent": "false", "trim_blocks": "true"}),
    ".py": ("python", {}),
}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


@cache
def texts() -> dict[Text, str]:
    """Where each text was found first."""
    found: dict[Text, str] = {}
    for path in sorted(DESK.rglob("*")):
        if path.suffix in _HOW and "built" not in path.parts:
            for line, text in _of(path):
                found.setdefault(text, f"{path.relative_to(DESK)}:{line}")
    return found


def _of(path: Path) -> Iterator[tuple[int, Text]]:
    method, options = _HOW[path.suffix]
    with path.open("rb") as file:
        for line, text, _, _ in extract(method, file, keywords=_KEYWORDS, options=options):
            yield line, tuple(text) if isinstance(text, (tuple, list)) else text


def catalogues(language: str) -> dict[str, Catalog]:
    """The catalogue of each area."""
    read = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            read[path.stem] = read_po(file, locale=language)
    return read
