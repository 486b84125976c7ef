"""Names for the people of a training stack: nobody is called that, and everybody can see it."""

from collections.abc import Collection, Iterator

_WOMEN = ("Anna", "Barbara", "Celina", "Danuta", "Ewa", "Grażyna", "Halina", "Irena", "Joanna", "Łucja")
_MEN = ("Adam", "Bogdan", "Cezary", "Damian", "Edward", "Feliks", "Henryk", "Jan", "Karol", "Łukasz")
_SURNAMES = (
    ("Przykładna", "Przykładny"),
    ("Wzorcowa", "Wzorcowy"),
    ("Szkoleniowa", "Szkoleniowy"),
    ("Ćwiczebna", "Ćwiczebny"),
    ("Pokazowa", "Pokazowy"),
    ("Zmyślona", "Zmyślony"),
    ("Próbna", "Próbny"),
)


def names(taken: Collection[str]) -> Iterator[str]:
    """Those that nobody has yet, and when all are taken, all once more."""
    every = [
        f"{given} {surname[man]}"
        for turn in range(len(_SURNAMES))
        for place, pair in enumerate(zip(_WOMEN, _MEN, strict=True))
        for man, given in enumerate(pair)
        for surname in [_SURNAMES[(turn + place) % len(_SURNAMES)]]
    ]
    yield from (name for name in every if name not in taken)
    while True:
        yield from every
