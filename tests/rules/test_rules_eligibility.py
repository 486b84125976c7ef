"""The conditions of the law as data: each names its article, each benefit shuts out what the act says."""

import re
from datetime import date
from typing import get_args

import pytest

from contracts.codes import Language, ReferralKind
from contracts.form import Benefit
from rules.eligibility import Condition, condition, eligibility, excluding

DAY = date(2026, 6, 1)
CONDITIONS = eligibility().conditions


@pytest.mark.parametrize("row", CONDITIONS, ids=[f"{row.code}-{row.valid_from}" for row in CONDITIONS])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_refusal_names_its_article(row: Condition, language: Language) -> None:
    assert re.search(r"\bart\. \d", row.wording[language])


def test_a_code_without_a_row_is_a_fault_of_ours_and_not_a_condition_that_is_met() -> None:
    with pytest.raises(KeyError, match="no_such_condition"):
        condition("no_such_condition", "service", DAY)


@pytest.mark.parametrize("benefit", get_args(Benefit))
def test_every_benefit_of_art_1_shuts_out_of_a_cis_and_all_but_one_of_a_club(benefit: Benefit) -> None:
    kinds: tuple[ReferralKind, ...] = get_args(ReferralKind)
    ruled_out = {kind for kind in kinds if excluding([benefit], kind, DAY)}
    assert ruled_out == ({"statutory_cis"} if benefit == "incapacity_pension" else {"statutory_cis", "kis"})


def test_before_the_act_there_was_no_condition() -> None:
    assert condition("ground_required", "statutory_cis", date(2003, 8, 13)) is None
    assert excluding(["old_age_pension"], "statutory_cis", date(2003, 8, 13)) == ()


def test_the_number_of_months_is_data() -> None:
    found = [condition("registered_too_short", "statutory_cis", on) for on in (date(2025, 5, 31), date(2025, 6, 1))]
    assert [row and row.value for row in found] == [12, 12]
    assert found[0] != found[1]
