"""Words of letters: the acts they rest on, the words of the act, who signs."""

from rules.deadlines import table
from rules.letters import letters, signatory


def test_a_letter_names_a_ground_as_the_act_does() -> None:
    assert letters().grounds["DISABLED"] == "niepełnosprawność (art. 1 ust. 2 pkt 8)"


def test_every_deadline_of_a_referral_says_what_is_to_happen() -> None:
    assert {rule.id for rule in table().rules if rule.subject == "referral"} == letters().steps.keys()


def test_an_act_is_cited_in_full_where_a_letter_rests_on_it() -> None:
    opening = letters().texts["statutory_cis"].opening
    assert opening.startswith("Na podstawie art. 12 ust. 1 i 2 ustawy z dnia 13 czerwca 2003 r. o zatrudnieniu")


def test_a_head_may_have_authorised_another_to_sign() -> None:
    assert signatory("pup", "head") == "dyrektor PUP albo osoba upoważniona"
    assert signatory("ops", "caseworker") == "pracownik socjalny OPS"
