"""What another node tells of places is judged like what is typed here."""

import json

import pytest
from pydantic import ValidationError

from contracts.events import REGISTRY
from contracts.places import MOST_PLACES
from tests.kit.test_contract_snapshots import golden


@pytest.mark.parametrize(
    ("kind", "name", "least"),
    [("pl.sciezka.intake.places_asked.v1", "places", 1), ("pl.sciezka.referral.places_answered.v1", "free", 0)],
)
def test_a_number_of_places_that_nobody_can_mean_is_no_event(kind: str, name: str, least: int) -> None:
    told = json.loads(golden(kind))
    for number in (least, MOST_PLACES):
        assert getattr(REGISTRY[kind].model_validate(told | {name: number}), name) == number
    for number in (least - 1, MOST_PLACES + 1):
        with pytest.raises(ValidationError):
            REGISTRY[kind].model_validate(told | {name: number})
