"""Identifiers: derived ones are the same everywhere, spoken ones show a slip of the tongue."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.base import CaseNumber
from contracts.ids import case_number, derived, workflow_id

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXY"
PLACES = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12)
"""Where `S26-7K3M-Q9XA` has a digit of the year, of the number or the check character."""

numbers = st.builds(case_number, st.uuids(), st.integers(2000, 2099))


def holds(number: str) -> bool:
    """Whether the check character agrees with the rest: whether a referral with this number can exist at all."""
    year, digits = number[1:3], (number[4:8] + number[9:13])[:-1]
    if not year.isdecimal():
        return False
    value = 0
    for digit in digits:
        value = value * len(SIGNS) + SIGNS.index(digit)
    return case_number(UUID(int=value), 2000 + int(year)) == number


@given(number=numbers)
def test_a_case_number_has_its_form_and_its_check_character_agrees(number: str) -> None:
    assert TypeAdapter(CaseNumber).validate_python(number) == number
    assert holds(number)


@given(number=numbers, place=st.sampled_from(PLACES), sign=st.sampled_from(SIGNS))
def test_any_one_wrong_character_shows(number: str, place: int, sign: str) -> None:
    wrong = number[:place] + sign + number[place + 1 :]
    assert holds(wrong) == (wrong == number)


@given(number=numbers, pair=st.sampled_from([(1, 2), *pairwise(PLACES[2:])]))
def test_any_swap_of_neighbours_shows(number: str, pair: tuple[int, int]) -> None:
    signs = list(number)
    signs[pair[0]], signs[pair[1]] = signs[pair[1]], signs[pair[0]]
    swapped = "".join(signs)
    assert holds(swapped) == (swapped == number)


@pytest.mark.parametrize("sign", "ILOUZ")
@given(number=numbers)
def test_a_case_number_has_no_sign_that_is_taken_for_another(sign: str, number: str) -> None:
    assert sign not in number


def test_derived_ids_depend_on_every_part_and_on_nothing_else() -> None:
    path = uuid4()
    assert derived("reminder", path, 1) == derived("reminder", path, 1)
    assert len({derived("reminder", path, 1), derived("reminder", path, 2), derived("missed", path, 1)}) == 3
    assert derived("a", "b") != derived("ab") != derived("a b")


def test_what_was_derived_once_is_derived_the_same_for_ever() -> None:
    """Another value here would emit every reminder of every open path a second time."""
    assert derived("reminder", UUID(int=1), 2) == UUID("9638cfdb-10e8-550e-88d8-a8e512e94ce4")


def test_the_workflow_of_a_path_is_named_after_it() -> None:
    assert workflow_id(UUID(int=1)) == "path-00000000-0000-0000-0000-000000000001"
