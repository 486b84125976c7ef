"""Why everything that goes on for a client is taken back at once, and what that is called for each part of it."""

from functools import cache

from contracts.base import Code, Message
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong
from rules.reasons import Reason, lists

FILE = "withdrawal.toml"

_OF_REFERRALS = ("withdraw", "cancel")


class _Row(Message):
    code: Code
    application: Code


class Cause(Message):
    """One cause. `code` is also the reason for a referral, `application` the one for an application."""

    code: Code
    application: Code
    wording: Wording


def build(raw: Raw) -> dict[str, Cause]:
    """By code, in the order in which to offer them.

    Raises RulesError when a cause is doubled, or is no reason that can stand without a note.
    """
    found = rows(FILE, raw, "reasons", _Row)
    refuse_doubles(FILE, "reasons", (row.code for row in found))
    causes: dict[str, Cause] = {}
    for number, row in enumerate(found, start=1):
        offered = [_plain(number, name, row.code) for name in _OF_REFERRALS]
        _plain(number, "application_withdraw", row.application)
        causes[row.code] = Cause(code=row.code, application=row.application, wording=offered[0].wording)
    return causes


def _plain(number: int, name: str, code: str) -> Reason:
    reason = next((each for each in lists()[name] if each.code == code and not each.needs_note), None)
    if reason is None:
        raise wrong(FILE, "reasons", number, f"{code} is no reason of {name} that can stand without a note")
    return reason


@cache
def causes() -> dict[str, Cause]:
    """The table that ships with this package."""
    return build(read(FILE))
