"""The files of the deployment, read as their programs read them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def compose() -> dict[str, Any]:
    """compose.yaml with its anchors resolved; variables stay as they are."""
    loaded: dict[str, Any] = YAML(typ="safe").load(text("compose.yaml"))
    return loaded


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def with_defaults(value: str) -> str:
    """The value with every variable replaced by its default."""
    return _VARIABLE.sub(r"\2", value)


def defaults() -> dict[str, set[str]]:
    """Every default that compose.yaml holds, by variable."""
    found: dict[str, set[str]] = {}
    for name, value in _VARIABLE.findall(text("compose.yaml")):
        found.setdefault(name, set()).add(value)
    return found


def example() -> dict[str, str]:
    """The variables of .env.example."""
    lines = (line for line in text("deploy/.env.example").splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def pins(lock: str) -> dict[str, str]:
    """Version by package in a lock file."""
    return dict(_PIN.findall(text(lock)))
