"""The same person on two forms: found again whatever was mistyped, and taken for nobody else."""

import random
from collections import defaultdict
from datetime import date

import pytest

from contracts.form import Person
from services.intake.matching import keys, resemblance
from tests.intake.people import WAYS, population

SEED = 20260601
SIZE = 5000
VARIANTS = 500
RECALL = 0.95
FALSE = 0.02


class Register:
    """Everybody known, found by keys as the database does."""

    def __init__(self, people: list[Person]) -> None:
        self._found = defaultdict[str, set[int]](set)
        self._people = people
        for number, person in enumerate(people):
            for key in keys(person):
                self._found[key].add(number)

    def alike(self, person: Person) -> set[int]:
        found = set[int]().union(*(self._found[key] for key in keys(person)))
        return {number for number in found if resemblance(person, self._people[number])}


def test_of_five_hundred_misspelled_people_most_are_found_and_hardly_anybody_else() -> None:
    chance = random.Random(SEED)
    people = population(SIZE, chance)
    register = Register(people)
    recalled = wrong = 0
    missed = defaultdict[str, int](int)
    for number in range(VARIANTS):
        true, way = chance.randrange(len(people)), WAYS[number % len(WAYS)]
        found = register.alike(way(people[true], chance))
        recalled += true in found
        wrong += len(found - {true})
        missed[way.__name__] += true not in found
    assert recalled / VARIANTS >= RECALL, dict(missed)
    assert wrong / VARIANTS <= FALSE


def test_of_five_hundred_people_nobody_knows_hardly_any_is_taken_for_somebody() -> None:
    chance = random.Random(SEED)
    people = population(SIZE + VARIANTS, chance)
    register = Register(people[VARIANTS:])
    assert sum(bool(register.alike(stranger)) for stranger in people[:VARIANTS]) / VARIANTS <= FALSE


def _person(**told: object) -> Person:
    return Person.model_validate({"given_name": "Anna", "family_name": "Nowak", "birth_date": date(1980, 5, 6)} | told)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({}, ("same_name_and_birth_date",)),
        ({"given_name": "ANNA", "family_name": " nowak"}, ("same_name_and_birth_date",)),
        ({"family_name": "Nowek"}, ("similar_name",)),
        ({"family_name": "Nowak-Kowalska"}, ("similar_name",)),
        ({"given_name": "Nowak", "family_name": "Anna"}, ("swapped_names",)),
        ({"family_name": "Zielińska"}, ("changed_surname",)),
        ({"family_name": "Zielińska", "previous_family_name": "Nowak"}, ("similar_name",)),
        ({"birth_date": date(1980, 6, 5)}, ("swapped_birth_date",)),
        ({"birth_date": date(1980, 6, 5), "family_name": "Nowek"}, ("similar_name", "swapped_birth_date")),
        ({"birth_date": date(1980, 5, 7)}, ("similar_birth_date",)),
    ],
)
def test_a_resemblance_says_in_what(other: dict[str, object], why: tuple[str, ...]) -> None:
    one, another = _person(), _person(**other)
    found = resemblance(one, another)
    assert found is not None
    assert found.why == why
    assert resemblance(another, one) == found
    assert keys(one) & keys(another)


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Krystyna"},  # a twin
        {"birth_date": date(1981, 6, 7)},  # a namesake
        {"given_name": "Maria", "family_name": "Wójcik"},
        {"birth_date": None},
    ],
)
def test_two_people_are_two_people(other: dict[str, object]) -> None:
    assert resemblance(_person(), _person(**other)) is None


def test_two_pesels_that_differ_are_two_people_whatever_else_is_equal() -> None:
    one, other = _person(pesel="44051401359"), _person(pesel="44051401458")
    assert resemblance(one, other) is None
    assert resemblance(one, one.model_copy(update={"family_name": "Inna"})) is not None
    assert resemblance(one, _person()) is not None
