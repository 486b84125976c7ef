"""Who acts: the roles of each kind of agency."""

from collections.abc import Collection
from functools import cache
from typing import Literal, get_args

from contracts.base import Message, RoleCode
from contracts.codes import AgencyKind
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong

FILE = "roles.toml"

Level = Literal["caseworker", "head"]


class Role(Message):
    """What a person may be in an agency of one kind."""

    code: RoleCode
    agency: AgencyKind
    level: Level
    wording: Wording


def build(raw: Raw) -> dict[str, Role]:
    """The roles by code. Raises RulesError when one is doubled or an agency kind lacks a level."""
    found = rows(FILE, raw, "roles", Role)
    refuse_doubles(FILE, "roles", (role.code for role in found))
    held = {(role.agency, role.level) for role in found}
    for kind in get_args(AgencyKind):
        for level in get_args(Level):
            if (kind, level) not in held:
                raise wrong(FILE, "roles", None, f"{kind} has no role of level {level}")
    return {role.code: role for role in found}


@cache
def roles() -> dict[str, Role]:
    """All roles by code, in the order of the table."""
    return build(read(FILE))


def roles_of(kind: AgencyKind) -> frozenset[str]:
    """The codes of all roles in an agency of this kind."""
    return frozenset(role.code for role in roles().values() if role.agency == kind)


def is_head(codes: Collection[str]) -> bool:
    """Whether one of these roles leads its agency; unknown codes lead nothing."""
    return any(code in roles() and roles()[code].level == "head" for code in codes)
