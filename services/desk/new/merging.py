"""Two versions of one form and the one both began with: what another device has changed that this page would undo."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.desk.new.values import Values, values_of

BASE = "_base"
"""The field in which a page carries the form as it was kept when the page showed it."""

_FIELDS = TypeAdapter(dict[str, list[str]])


def told_base(form: Mapping[str, Any]) -> str:
    """What stands in BASE for this form."""
    return json.dumps(values_of(form).fields, ensure_ascii=False)


def base_of(fields: Mapping[str, Sequence[str]]) -> Values:
    """What a page showed; of one that does not tell, nothing."""
    told = next(iter(fields.get(BASE, ())), "")
    try:
        return Values(_FIELDS.validate_json(told))
    except ValidationError:
        return Values({})


def lost_by(base: Values, mine: Values, theirs: Values) -> list[str]:
    """The fields in which a change of theirs would be undone if mine took their place.

    What goes on where theirs ends is the same text, typed further: that is what two saves of one page look like.
    """
    names = dict.fromkeys([*theirs.fields, *base.fields])
    return [name for name in names if name != "draft" and _undone(base.all(name), mine.all(name), theirs.all(name))]


def _undone(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> bool:
    if list(theirs) in (list(base), list(mine)):
        return False
    return not (_goes_on(base, theirs) and _goes_on(theirs, mine))


def _goes_on(before: Sequence[str], after: Sequence[str]) -> bool:
    if len(before) == len(after) == 1:
        return after[0].startswith(before[0])
    return set(before) <= set(after)
