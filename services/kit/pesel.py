"""PESEL: checked by python-stdnum, with the rule for training numbers.

Training people have PESELs with month + 60 (born 2200-2299), so that no living person can match. A training stack
shows them as born 300 years earlier; outside one such a number is refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as stdnum_pesel

_TRAINING_SHIFT = 300  # years


class InvalidPesel(ValueError):
    """`code` says what is wrong: pesel_invalid or pesel_training. The number itself is never repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Pesel:
    """A checked number and what it tells."""

    number: str
    birth_date: date
    sex: Literal["female", "male"]


def read_pesel(text: str, *, training: bool) -> Pesel:
    """The PESEL in `text`. Raises InvalidPesel."""
    number = stdnum_pesel.compact(text)
    month = number[2:4]
    is_training = month.isdecimal() and 60 < int(month) <= 72
    if is_training and not training:
        raise InvalidPesel("pesel_training")
    try:
        stdnum_pesel.validate(number)
        born = stdnum_pesel.get_birth_date(number)
    except ValidationError:
        raise InvalidPesel("pesel_invalid") from None
    return Pesel(
        number=number,
        birth_date=_earlier(born) if is_training else born,
        sex="female" if stdnum_pesel.get_gender(number) == "F" else "male",
    )


def _earlier(born: date) -> date:
    """The same day 300 years before; 29 February of a year that had none then becomes 28 February."""
    try:
        return born.replace(year=born.year - _TRAINING_SHIFT)
    except ValueError:
        return born.replace(year=born.year - _TRAINING_SHIFT, day=28)


def training_pesel(born: date, serial: int) -> str:
    """A valid training number of a person shown as born on `born` (1900-1999); odd serials are men's."""
    stem = f"{born.year % 100:02d}{born.month + 60:02d}{born.day:02d}{serial % 10_000:04d}"
    return stem + str(stdnum_pesel.calc_check_digit(stem))
