"""One field of the form: what it is called, and how it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Ask = Literal["line", "text", "day", "number", "select", "radios", "many", "flag", "tick", "list", "receiver"]
"""line, text: one or several lines; many: any of the options; flag: yes, no or not known; list: parted by commas."""


@dataclass(frozen=True)
class Field:
    """`name`: dotted, as in the interface. `label`, `hint` and the texts of `options` are msgids."""

    name: str
    label: str
    ask: Ask = "line"
    options: Mapping[str, str] = field(default_factory=dict)
    hint: str | None = None
    width: int | None = None
    half: bool = False
    """Two of them stand side by side where there is room."""


@dataclass(frozen=True)
class Group:
    """Fields that belong together; `title` is a msgid."""

    code: str
    title: str
    fields: tuple[str, ...]


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message
