"""Who acts: the roles of each kind of agency."""

from collections.abc import Collection
from functools import cache
from typing import Literal, get_args

from contracts.base import Message, RoleCode
from contracts.codes import AgencyKind
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong

FILE = "roles.toml"

Level = Literal["caseworker", "head", "specialist", "administrator"]

_DECIDING: tuple[Level, ...] = ("caseworker", "head")


class Role(Message):
    """What a person may be in an agency of these kinds."""

    code: RoleCode
    agencies: tuple[AgencyKind, ...]
    level: Level
    wording: Wording


def build(raw: Raw) -> dict[str, Role]:
    """The roles by code. Raises RulesError when one is doubled or a kind of agency lacks a level that decides."""
    found = rows(FILE, raw, "roles", Role)
    refuse_doubles(FILE, "roles", (role.code for role in found))
    held = {(kind, role.level) for role in found for kind in role.agencies}
    for kind in get_args(AgencyKind):
        for level in _DECIDING:
            if (kind, level) not in held:
                raise wrong(FILE, "roles", None, f"{kind} has no role of level {level}")
    return {role.code: role for role in found}


@cache
def roles() -> dict[str, Role]:
    """All roles by code, in the order of the table."""
    return build(read(FILE))


def roles_of(kind: AgencyKind) -> frozenset[str]:
    """The codes of all roles in an agency of this kind."""
    return frozenset(role.code for role in roles().values() if kind in role.agencies)


def deciding_roles(kind: AgencyKind) -> frozenset[str]:
    """The codes of the roles that decide something: what an institution's own token may do."""
    return frozenset(code for code in roles_of(kind) if roles()[code].level in _DECIDING)


def is_head(codes: Collection[str]) -> bool:
    """Whether one of these roles leads its agency; unknown codes lead nothing."""
    return _has(codes, "head")


def decides(codes: Collection[str]) -> bool:
    """Whether one of these roles may change anything about a case."""
    return _has(codes, *_DECIDING)


def sees_cases(codes: Collection[str]) -> bool:
    """Whether one of these roles may see clients and what is done for them; an administrator may not."""
    return _has(codes, *_DECIDING, "specialist")


def administers(codes: Collection[str]) -> bool:
    """Whether one of these roles keeps the accounts of its agency."""
    return _has(codes, "administrator")


def _has(codes: Collection[str], *levels: Level) -> bool:
    return any(code in roles() and roles()[code].level in levels for code in codes)
