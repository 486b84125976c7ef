"""The way as a picture: places of stones on a line that bends, for an SVG that a template writes.

Nothing is told by colour: what is behind is a full stone with a tick on a full line, where the person stands is a ring
under a flag, what lies ahead is an empty stone on a broken line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi

from services.desk.case.stations import Station

WIDTH, HEIGHT = 1000, 150
_LINE, _BEND, _SIDE = 52.0, 10.0, 62.0


@dataclass(frozen=True)
class Stone:
    """A station and its place; `words`: its name in lines short enough to stand beside those of its neighbours."""

    station: Station
    x: float
    y: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """`walked`, `ahead`: the line up to where the person stands, and on from there, as SVG path data."""

    stones: tuple[Stone, ...]
    walked: str
    ahead: str


def picture(stations: Sequence[Station], names: Sequence[str]) -> Picture:
    """The picture of these stations under these names, which are in the person's language."""
    step = (WIDTH - 2 * _SIDE) / max(len(stations) - 1, 1)
    stones = tuple(
        Stone(station, round(_SIDE + place * step, 1), round(_height(place), 1), _lines(name))
        for place, (station, name) in enumerate(zip(stations, names, strict=True))
    )
    here = max((place for place, stone in enumerate(stones) if stone.station.state != "ahead"), default=0)
    return Picture(stones, _line(stones[: here + 1]), _line(stones[here:]))


def _height(place: int) -> float:
    return _LINE + _BEND * cos(pi * place)


def _line(stones: Sequence[Stone]) -> str:
    """A smooth line through these stones: level at each of them."""
    if len(stones) < 2:
        return ""
    parts = [f"M{stones[0].x} {stones[0].y}"]
    for one, next_one in pairwise(stones):
        middle = round((one.x + next_one.x) / 2, 1)
        parts.append(f"C{middle} {one.y} {middle} {next_one.y} {next_one.x} {next_one.y}")
    return " ".join(parts)


def _lines(name: str) -> tuple[str, ...]:
    """A name of several words in two lines, the first one alone in the first."""
    first, _, rest = name.partition(" ")
    return (first, rest) if rest else (first,)
