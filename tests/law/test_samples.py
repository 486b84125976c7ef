"""The samples that the command prints pass every condition between any two institutions, also of an old directory."""

import random
import tomllib
from datetime import date
from importlib.resources import files
from itertools import permutations

import pytest

from contracts.api import NewReferral
from contracts.directory import Agency, Directory
from rules.kinds import kind_between
from services.intake.guards import errors_of
from stack.sample import body

DAY = date(2026, 6, 1)
DEMO = Directory.model_validate(tomllib.loads(files("stack.demo").joinpath("directory.toml").read_text("utf-8")))
OLD = Directory(
    agencies=tuple(
        Agency.model_validate(agency.model_dump(include={"slug", "kind", "node", "name", "town", "county"}))
        for agency in DEMO.agencies
    )
)


@pytest.mark.parametrize("directory", [DEMO, OLD], ids=["demo", "old"])
def test_a_sample_between_any_two_institutions_lacks_nothing(directory: Directory) -> None:
    found = {}
    for sender, receiver in permutations(directory.agencies, 2):
        new = NewReferral.model_validate(body(directory, sender.slug, receiver.slug, DAY, random.Random(1)))
        kind = kind_between(sender.kind, receiver.kind)
        parts = {"sender": sender, "receiver": receiver, "kind": kind, "directory": directory, "today": DAY}
        found[sender.slug, receiver.slug] = list(errors_of(new, person=new.client, **parts))
    assert {pair: errors for pair, errors in found.items() if errors} == {}
    assert len(found) == 240


def test_a_place_is_paid_for_only_outside_the_territory() -> None:
    paid = {
        (sender.slug, receiver.slug)
        for sender, receiver in permutations(DEMO.agencies, 2)
        if "paid_place" in body(DEMO, sender.slug, receiver.slug, DAY, random.Random(1))
    }
    assert ("ops-poraj", "cis-myszkow") not in paid  # there is an agreement
    assert ("ops-poraj", "cis-poraj") not in paid
    assert ("ops-poraj", "cis-tychy") in paid
    assert ("ops-poraj", "pup-tychy") not in paid
