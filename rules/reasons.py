"""Why something was declined, withdrawn or refused: coded reasons on two levels."""

from collections.abc import Mapping
from functools import cache

from contracts.base import Code, Message
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong

FILE = "reasons.toml"


class _Group(Message):
    code: Code
    wording: Wording


class _Row(Message):
    list: Code
    group: Code
    code: Code
    needs_note: bool = False
    wording: Wording


class Reason(Message):
    """One reason of a list. `needs_note`: it says too little without a sentence of explanation."""

    code: Code
    group: Code
    group_wording: Wording
    wording: Wording
    needs_note: bool


def build(raw: Raw) -> dict[str, tuple[Reason, ...]]:
    """The reasons by list. Raises RulesError when a code is doubled in its list or its group is unknown."""
    groups = rows(FILE, raw, "groups", _Group)
    refuse_doubles(FILE, "groups", (group.code for group in groups))
    wordings = {group.code: group.wording for group in groups}
    found = rows(FILE, raw, "reasons", _Row)
    refuse_doubles(FILE, "reasons", ((row.list, row.code) for row in found))
    lists: dict[str, tuple[Reason, ...]] = {}
    for number, row in enumerate(found, start=1):
        if row.group not in wordings:
            raise wrong(FILE, "reasons", number, f"unknown group {row.group}")
        lists[row.list] = (*lists.get(row.list, ()), _reason(row, wordings))
    return lists


def _reason(row: _Row, groups: Mapping[str, Wording]) -> Reason:
    return Reason(
        code=row.code,
        group=row.group,
        group_wording=groups[row.group],
        wording=row.wording,
        needs_note=row.needs_note,
    )


@cache
def lists() -> dict[str, tuple[Reason, ...]]:
    """All lists by name."""
    return build(read(FILE))


def reasons(list_name: str) -> tuple[Reason, ...]:
    """The reasons of a list, in the order in which to offer them. Raises KeyError for a list that does not exist."""
    return lists()[list_name]
