"""A population of made-up people with the collisions of a real one, and the ways in which forms get them wrong."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from contracts.form import Person

_WOMEN, _MEN, _SURNAMES = (
    line.split() for line in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
)
"""The most common names first."""
_OLDEST = date(1950, 1, 1)
_DAYS = 52 * 365


def population(size: int, chance: random.Random) -> list[Person]:
    """People none of whom is another; common names are as much more common as they are in life."""
    people = {_person(chance): None for _ in range(size)}
    return list(people)


def _person(chance: random.Random) -> Person:
    woman = chance.random() < 0.5
    surname = _common(_SURNAMES, chance)
    if woman and surname.endswith(("ski", "cki", "dzki", "ny")):
        surname = surname[:-1] + "a"
    return Person(
        given_name=_common(_WOMEN if woman else _MEN, chance),
        family_name=surname,
        birth_date=_OLDEST + timedelta(days=chance.randrange(_DAYS)),
    )


def _common(names: list[str], chance: random.Random) -> str:
    return chance.choices(names, [1 / (rank + 5) for rank in range(len(names))])[0]


def _typing_error(name: str, chance: random.Random) -> str:
    """A letter too many, too few, wrong, or in the wrong place; seldom the first one."""
    place = chance.randrange(1, len(name))
    letter = chance.choice("aeiorntswk")
    return chance.choice(
        (
            name[:place] + letter + name[place:],
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place + 1 :],
            name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :],
        )
    )


def _without_diacritics(person: Person, chance: random.Random) -> Person:
    plain = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
    change = chance.choice((str.upper, str.lower, str.strip))
    return person.model_copy(
        update={name: change(getattr(person, name).translate(plain)) for name in ("given_name", "family_name")}
    )


def _misheard(person: Person, chance: random.Random) -> Person:
    """Spelled as it sounds."""
    name = person.family_name
    for written, heard in (("rz", "ż"), ("ż", "rz"), ("ch", "h"), ("ó", "u"), ("u", "ó"), ("w", "v"), ("h", "ch")):
        if written in name[1:]:
            return person.model_copy(update={"family_name": name[0] + name[1:].replace(written, heard, 1)})
    return _mistyped_family(person, chance)


def _mistyped_given(person: Person, chance: random.Random) -> Person:
    return person.model_copy(update={"given_name": _typing_error(person.given_name, chance)})


def _mistyped_family(person: Person, chance: random.Random) -> Person:
    return person.model_copy(update={"family_name": _typing_error(person.family_name, chance)})


def _other_way_round(person: Person, chance: random.Random) -> Person:
    return person.model_copy(update={"given_name": person.family_name, "family_name": person.given_name})


def _married(person: Person, chance: random.Random) -> Person:
    return person.model_copy(update={"family_name": _common(_SURNAMES, chance)})


def _double_surname(person: Person, chance: random.Random) -> Person:
    other = _common(_SURNAMES, chance)
    joint = chance.choice(("-", " - ", " ", "–"))
    names = [person.family_name, other]
    chance.shuffle(names)
    return person.model_copy(update={"family_name": joint.join(names)})


def _second_name(person: Person, chance: random.Random) -> Person:
    return person.model_copy(update={"given_name": f"{person.given_name} {_common(_WOMEN, chance)}"})


def _day_and_month(person: Person, chance: random.Random) -> Person:
    born = person.birth_date
    if born is None or born.day > 12:
        return _other_digit(person, chance)
    return person.model_copy(update={"birth_date": born.replace(month=born.day, day=born.month)})


def _other_digit(person: Person, chance: random.Random) -> Person:
    """One digit of the birth date is wrong."""
    while True:
        digits = list(f"{person.birth_date:%Y%m%d}")
        digits[chance.randrange(2, 8)] = str(chance.randrange(10))
        try:
            other = date.fromisoformat("".join(digits))
        except ValueError:
            continue
        if other != person.birth_date and other.year < 2010:
            return person.model_copy(update={"birth_date": other})


WAYS: tuple[Callable[[Person, random.Random], Person], ...] = (
    _without_diacritics,
    _misheard,
    _mistyped_given,
    _mistyped_family,
    _other_way_round,
    _married,
    _double_surname,
    _second_name,
    _day_and_month,
    _other_digit,
)
"""How the same person comes to stand differently in another form."""
