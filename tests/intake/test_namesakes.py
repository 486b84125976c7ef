"""Names as people type them at the desk: found in any order and with an error, and nobody else's."""

import random

import pytest

from contracts.form import Person
from services.intake.names import parts
from services.intake.namesakes import keys, near, resemblance
from tests.intake.people import population

SEED = 20261122
VARIANTS = 300


def _person(given: str, family: str, former: str | None = None) -> Person:
    return Person(given_name=given, family_name=family, previous_family_name=former)


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("Żaneta Kowalska", 100),
        ("kowalska zaneta", 100),
        ("Kowalska", 100),
        ("Rzaneta Kowalska", 90),
        ("Kowlaska Żaneta", 80),
        ("Kowalsk", 80),
        ("Nowak Kowalska", 100),
        ("Nowakowska", 0),
        ("Kowalska Anna", 0),
    ],
)
def test_every_word_must_fit_a_name_in_any_order_and_with_one_error(typed: str, score: int) -> None:
    person = _person("Żaneta", "Kowalska", former="Nowak")
    found = resemblance(parts(typed), person)
    assert (found.score if found else 0) == score
    assert score == 0 or all(near(word) & keys(person) for word in parts(typed))


def test_a_mistyped_name_has_a_key_in_common_with_the_right_one() -> None:
    chance = random.Random(SEED)
    people = [person for person in population(VARIANTS, chance) if len(person.family_name) >= 5]
    missed = [person.family_name for person in people if not near(_mistyped(person.family_name, chance)) & keys(person)]
    assert len(missed) / len(people) <= 0.05


def _mistyped(name: str, chance: random.Random) -> str:
    """One letter left out, doubled, or put before its neighbour."""
    name = parts(name)[0]
    place = chance.randrange(1, len(name) - 1)
    left, right = name[:place], name[place:]
    return chance.choice([left + right[1:], left + right[0] + right, left[:-1] + right[0] + left[-1] + right[1:]])


def test_short_words_are_found_without_an_error_only() -> None:
    assert near("lis") == {"lis"}
    assert resemblance(["lys"], _person("Jan", "Lis")) is not None  # y and i sound alike
    assert resemblance(["las"], _person("Jan", "Lis")) is None
