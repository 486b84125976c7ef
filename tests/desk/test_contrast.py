"""Every pair of colours that pages lay on each other can be told apart (WCAG 1.4.3, 1.4.11), also where axe does not
look: under the mouse, with the keyboard, on error."""

import re
from itertools import product

import pytest

from tests.desk.extracted import DESK

COLOURS = dict(
    re.findall(
        r"^\$([\w-]+): (#[0-9a-f]{6})", (DESK / "assets/styles/_colours.scss").read_text(encoding="utf-8"), re.MULTILINE
    )
)
GROUNDS = ("paper", "ground")
TEXTS = [
    *product(("ink", "ink-quiet", "link", "link-visited", "error", "late", "good", "path", "path-dark"), GROUNDS),
    *(("paper", ground) for ground in ("path", "path-dark", "error", "error-dark")),
    *(("ink", ground) for ground in ("stone", "path-pale", "late-pale", "error-pale")),
    *((name, f"{name}-pale") for name in ("path", "good", "late", "calm", "error")),
    ("ink-quiet", "grey-pale"),
    ("link", "path-pale"),
    ("ink-quiet", "path-pale"),
]
EDGES = [*product(("control", "path"), GROUNDS), ("stone", "path"), ("ink", "stone")]


def _light(name: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(COLOURS[name][place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert _contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edge_of_a_control_can_be_seen(edge: str, ground: str) -> None:
    assert _contrast(edge, ground) >= 3
