"""Causes of dead letters: a code for programs, a sentence and a remedy for people."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contracts.codes import Language

ALARMS = ("Forged", "DifferentBody", "ChainBroken")
"""Causes that no honest fault explains: a security alarm, and never counted as the version they claim to be."""

_OTHER = "other"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Cause:
    """What went wrong, and what to do about it."""

    sentence: str
    remedy: str


def code_of(cause: str) -> str:
    """The code of an error's class: `CannotOpen` is `cannot_open`."""
    return _WORD.sub("_", cause.strip("_")).lower()


def cause_in(code: str, language: Language) -> Cause:
    """The words for a code; general ones when it has none of its own."""
    row = _table().get(code) or _table()[_OTHER]
    return Cause(row[language], row[f"do_{language}"])


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("services.kit").joinpath("causes.toml").read_text(encoding="utf-8"))
