"""A draft between page and interface: loaded, saved, and never saved over what somebody else did meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.api import Referral
from services.desk.api import Calls, Refused
from services.desk.new.editor import version_of
from services.desk.new.merging import base_of, lost_by
from services.desk.new.values import Values, body_of, known_names, values_of


class Sent(Exception):
    """It is a draft no more."""


@dataclass(frozen=True)
class Kept:
    """What became of a save. `lost`: the fields in which the draft that is kept says something else; then nothing was
    saved, and `draft` is theirs."""

    draft: Referral
    lost: tuple[str, ...] = ()


async def load(calls: Calls, draft_id: UUID) -> Referral:
    """Raises Sent, Refused."""
    found = await calls.get(f"/referrals/{draft_id}", Referral)
    if found.status not in ("draft", "opinion_pending"):
        raise Sent
    return found


async def keep(
    calls: Calls, draft_id: UUID, fields: Mapping[str, Sequence[str]], version: str | None, *, mine: bool = False
) -> Kept:
    """Save these fields over the version that the page shows, which they carry as BASE; `mine`: over any.

    Raises Sent, Refused.
    """
    now = await load(calls, draft_id)
    body = _carried(now.form or {}) | body_of(fields)
    if body == _plain(now.form or {}):
        return Kept(now)
    try:
        return Kept(await _put(calls, draft_id, body, version_of(now) if mine else version))
    except Refused as refused:
        if refused.code != "stale_draft":
            raise
    newest = await load(calls, draft_id)
    if body == _plain(newest.form or {}):
        return Kept(newest)  # the same page's other save, which was under way
    lost = lost_by(base_of(fields), values_of(body), values_of(newest.form or {}))
    if lost:
        return Kept(newest, tuple(lost))
    return Kept(await _put(calls, draft_id, body, version_of(newest)))


def differing(mine: Values, theirs: Values, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Field, mine and theirs, for people to choose."""
    return [(name, ", ".join(mine.all(name)), ", ".join(theirs.all(name))) for name in names]


def _carried(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the page does not show: kept as it is."""
    return {name: value for name, value in form.items() if name not in known_names()}


def _plain(form: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "draft"}


async def _put(calls: Calls, draft_id: UUID, body: Mapping[str, Any], version: str | None) -> Referral:
    return await calls.put(f"/referrals/{draft_id}", Referral, dict(body), if_match=version)
