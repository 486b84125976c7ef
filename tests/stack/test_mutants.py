"""The catalogue of broken variants stays true to the code it breaks."""

import shutil
from pathlib import Path

import pytest

from mutants.catalogue import Mutant, catalogue

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("mutant", catalogue(), ids=lambda mutant: mutant.name)
def test_what_a_mutant_breaks_is_in_the_code_and_its_tests_are_there(mutant: Mutant, tmp_path: Path) -> None:
    copy = tmp_path / mutant.file
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / mutant.file, copy)
    mutant.infect(tmp_path)
    if copy.suffix == ".py":
        compile(copy.read_text(encoding="utf-8"), mutant.file, "exec")
    assert all((ROOT / test.partition("::")[0]).exists() for test in mutant.tests)


def test_there_are_at_least_eight_and_no_name_is_given_twice() -> None:
    names = [mutant.name for mutant in catalogue()]
    assert len(set(names)) == len(names) >= 8
