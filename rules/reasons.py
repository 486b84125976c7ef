"""Why something was declined, withdrawn or refused: coded reasons on two levels."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

from contracts.base import Code, Message
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong

FILE = "reasons.toml"


Next = Literal["park", "elsewhere", "reassess"]
"""What a reason asks of the sender: to wait for a place, to ask elsewhere, to look at the case anew."""


class NextSteps(Message):
    """What people read for it."""

    park: Wording
    elsewhere: Wording
    reassess: Wording


class _Group(Message):
    code: Code
    wording: Wording


class _Row(Message):
    list: Code
    group: Code
    code: Code
    needs_note: bool = False
    next: Next | None = None
    wording: Wording


class Reason(Message):
    """One reason of a list. `needs_note`: it says too little without a sentence of explanation; `next`: what it asks of
    the sender."""

    code: Code
    group: Code
    group_wording: Wording
    wording: Wording
    needs_note: bool
    next: Next | None


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
        next=row.next,
    )


@cache
def lists() -> dict[str, tuple[Reason, ...]]:
    """All lists by name."""
    return build(read(FILE))


def reasons(list_name: str) -> tuple[Reason, ...]:
    """The reasons of a list, in the order in which to offer them. Raises KeyError for a list that does not exist."""
    return lists()[list_name]


@cache
def next_steps() -> dict[Next, Wording]:
    """What people read for what a reason asks of the sender."""
    worded = section_of(FILE, read(FILE), "next", NextSteps)
    return {code: getattr(worded, code) for code in get_args(Next)}
