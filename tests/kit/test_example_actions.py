"""Each action on a referral has an example on the page of the API, and the lifecycle table takes it."""

import pytest

from contracts.api import ActionBody
from rules.lifecycle_table import Entry, table
from services.edge.example_actions import BARE, examples
from services.kit.actions import ruling

BODIES = {**{action: {} for action in BARE}, **{action: told["value"] for action, told in examples().items()}}
ENTRIES = [entry for entry in table().entries.values() if entry.side != "system"]


def test_every_action_has_an_example_and_nothing_else_has() -> None:
    assert set(BODIES) == {entry.transition.action for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: "-".join(entry.key))
def test_the_example_is_what_the_action_asks_for(entry: Entry) -> None:
    action, body = entry.transition.action, ActionBody(**BODIES[entry.transition.action])
    made = ruling(
        kind=entry.kind, status=entry.status, action=action, side=entry.side, roles=sorted(entry.roles), body=body
    )
    told = set(body.model_dump(exclude_none=True)) - {"reason", "note"}
    assert made == entry.transition
    assert told <= {*made.fields, *made.optional}
