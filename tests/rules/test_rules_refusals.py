"""A rule file that is wrong is refused with the line, what is wrong there, and what to do, in both languages."""

import pytest

from rules.book import FILES, read_book, rules_of, shipped_source
from rules.data import RulesError
from rules.source import Source

RULE = """# a rule of our own
[[rules]]
id = "own"
version = "1"
wording = { pl = "własny", en = "own" }
kind = "service_level"
evidence = "chosen"
basis = { pl = "Zarządzenie", en = "Order" }
valid_from = 2026-01-01
kinds = ["service"]
starts = ["delivered"]
ends = ["claimed"]
length = "7d"
owner = "receiver"
ladder = [{ at = "-1wd", audience = "owner" }]
"""
LENGTH = """[[lengths]]
rule = "claim"
length = "4wd"
valid_from = 2026-01-01
basis = { pl = "Zarządzenie", en = "Order" }
"""
DAY = """[[days_off]]
date = 2026-03-10
wording = { pl = "Dzień Próby", en = "Day of Trial" }
basis = { pl = "Ustawa", en = "Act" }
"""
CLOSING = """[[closing_days]]
institution = "cis-poraj"
date = 2026-03-10
wording = { pl = "remont", en = "repairs" }
"""


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


CASES = [
    (changed(RULE, '"delivered"', '"deliverd"'), 11, "Unknown event deliverd. Did you mean delivered", "Nieznane"),
    (changed(RULE, '"claimed"', '"dreamt"'), 12, "Unknown event dreamt.", "rules/events.toml"),
    (changed(RULE, '["claimed"]', "[]"), 12, "The field ends is empty. Give at least one", "Pole ends jest puste"),
    (changed(RULE, 'ends = ["claimed"]\n', ""), 2, "The field ends is missing. Add it.", "Brakuje pola ends"),
    (changed(RULE, "basis =", "# basis ="), 2, "The field basis is missing.", "Brakuje pola basis"),
    (changed(RULE, ', en = "Order"', ""), 8, "The field basis has a value that cannot be taken", "Popraw je."),
    (
        changed(RULE, "owner", "colour = 1\nowner"),
        14,
        "There is no field colour here. Remove it",
        "Pola colour tu nie ma",
    ),
    (changed(RULE, '"service_level"', '"whim"'), 6, "'law', 'practice' or 'service_level'", "Dozwolone: 'law'"),
    (changed(RULE, '"7d"', '"7 days"'), 13, "It cannot be told how long '7 days' is.", "Napisz na przykład 5min"),
    (changed(RULE, '"7d"', '{ normal = "7d" }'), 13, "The length must be given for normal and urgent", "pilnych"),
    (changed(RULE, '"7d"', '"due_on"'), 13, "The event that starts the term names no day", "names_day"),
    (changed(RULE, '"7d"', '"7wd"\nperiod = true'), 13, "A period is counted in days, weeks", "nie przesuwa się"),
    (changed(RULE, '"7d"', '"0d"\nperiod = true'), 13, "A period has a day at least. Give 1d.", "Podaj 1d."),
    (
        changed(RULE, '"7d"', '"8oh"\ncut_off = 15:00:00'),
        13,
        "A cut-off hour is for terms in days",
        "Godzina graniczna",
    ),
    (changed(RULE, '"-1wd"', '"-9wd"'), 15, "The rung -9wd always lies before the event", "Szczebel -9wd leży"),
    (changed(RULE, '"-1wd"', '"soon"'), 15, "ladder.0.at: It cannot be told when this is.", "Napisz na przykład -1wd"),
    (changed(RULE, '"owner"', '"press"'), 15, "The field ladder.0.audience has a value that is not on", "spoza listy"),
    (changed(RULE, "length", 'stops = ["info_requested"]\nlength'), 13, "A clock that stops must go on", "też ruszać"),
    (
        changed(RULE, "length", 'stops = ["seen"]\ngoes_on = ["info_answered"]\nlength'),
        13,
        "There is no name for a pause that begins with seen.",
        "pause w rules/events.toml",
    ),
    (
        changed(RULE, '"receiver"', '"receiver"\nrole = "KING"'),
        15,
        "There is no role KING on the side",
        "nie ma roli KING",
    ),
    (
        changed(changed(RULE, '"service_level"', '"law"'), "owner =", 'calendar = "institution"\nowner ='),
        14,
        "Closing days of an institution do not move terms of law.",
        "Usuń calendar",
    ),
    (RULE + changed(RULE, '"1"', '"2"'), 24, "own has two versions in force on 2026-01-01", "valid_to = 2025-12-31"),
    (
        changed(RULE, "2026-01-01", "2026-01-01\nvalid_to = 2025-01-01"),
        10,
        "own ends before it begins.",
        "Popraw valid_from",
    ),
    (
        changed(changed(RULE, 'id = "own"', 'id = "claim"'), '"1"', '"2"'),
        4,
        "The rule claim has a version 2 already.",
        "inną nazwę",
    ),
    (
        changed(changed(RULE, '"own"', '"interview"'), '"1"', '"2"'),
        6,
        "The term interview is law, and this version makes",
        'kind = "law"',
    ),
    (changed(LENGTH, '"claim"', '"clam"'), 2, "There is no rule clam. Choose one of: claim", "Nie ma reguły clam"),
    (changed(LENGTH, '"claim"', '"interview"'), 2, "The term interview is law. Remove this row", "wynika z ustawy"),
    (
        changed(changed(LENGTH, '"claim"', '"main_period"'), '"4wd"', '"12m"'),
        3,
        "main_period may only be shortened. Give 11m at most",
        "można tylko skrócić",
    ),
    (changed(LENGTH, '"4wd"', '"due_on"'), 3, "names no day", "due_on nic nie znaczy"),
    (changed(LENGTH, '"4wd"', '{ urgent = "1wd" }'), 3, "Give it for normal and urgent.", "Brakuje długości"),
    (LENGTH + LENGTH, 9, "claim / * has two versions in force on 2026-01-01", "druga"),
    (changed(LENGTH, "basis", "# basis"), 1, "The field basis is missing.", "Brakuje pola basis"),
    (changed(DAY, "2026-03-10", "2026-11-11"), 2, "2026-11-11 is a day off already", "jest już dniem wolnym"),
    (DAY + DAY, 6, "2026-03-10 is a day off already (Day of Trial)", "Usuń ten wiersz"),
    (changed(DAY, "2026-03-10", '"10 March"'), 2, "The field date has a value that cannot be taken", "Popraw je"),
    (changed(DAY, "basis", "# basis"), 1, "The field basis is missing.", "Brakuje"),
    (CLOSING + CLOSING, 7, "2026-03-10 is a day off already (repairs)", "remont"),
    ("[[holidays]]\nday = 1\n", 1, "Unknown part holidays. The file may have the parts closing_days", "Nieznana część"),
    ("[rules]\nid = 1\n", 1, "rules is no list. Begin each row with [[rules]].", "to nie lista"),
    ("[[rules]\n", 1, "This is no TOML", "Popraw zapis"),
    (RULE + "\nnonsense", 17, "This is no TOML", "To nie jest poprawny TOML"),
]


@pytest.mark.parametrize(("text", "line", "en", "pl"), CASES, ids=[case[2][:50] for case in CASES])
def test_a_bad_rule_file_is_refused_with_line_and_remedy(text: str, line: int, en: str, pl: str) -> None:
    with pytest.raises(RulesError) as refused:
        read_book(text)
    assert refused.value.wording["en"].startswith(f"plik reguł, line {line}: ")
    assert refused.value.wording["pl"].startswith(f"plik reguł, wiersz {line}: ")
    assert en in refused.value.wording["en"]
    assert pl in refused.value.wording["pl"]
    assert str(refused.value) == refused.value.wording["en"]


@pytest.mark.parametrize("text", [RULE, LENGTH, DAY, CLOSING])
def test_the_same_files_without_the_fault_are_taken(text: str) -> None:
    read_book(text)


def test_a_length_given_by_an_earlier_file_is_not_given_again() -> None:
    with pytest.raises(RulesError, match="line 3: claim / \\* has a length for this time already"):
        read_book("\n" + LENGTH, read_book(LENGTH))


def test_the_file_is_called_as_whoever_reads_it_calls_it() -> None:
    with pytest.raises(RulesError, match=r"^powiat\.toml, line 1: Unknown part"):
        read_book("[[holidays]]", name="powiat.toml")


def test_what_looks_like_a_row_within_a_text_is_none() -> None:
    text = 'note = """\n[[rules]]\n"""\n' + RULE.replace('"delivered"', '"dreamt"')
    with pytest.raises(RulesError, match="line 14: Unknown event dreamt"):
        rules_of([Source("table.toml", text)])


@pytest.mark.parametrize("file", FILES)
def test_a_fault_in_a_table_of_the_package_is_told_by_its_line(file: str) -> None:
    text = shipped_source(file).text
    bad = text.replace('ends = ["', 'ends = ["dreamt", "', 1)
    line = bad[: bad.index('"dreamt"')].count("\n") + 1
    with pytest.raises(RulesError, match=f"{file}, line {line}: Unknown event dreamt"):
        rules_of([Source(file, bad)])


def test_two_tables_may_not_give_one_rule_twice() -> None:
    source = shipped_source(FILES[0])
    with pytest.raises(RulesError, match=r"copy\.toml, line \d+: receipt has two versions in force .*referral\.toml:"):
        rules_of([source, Source("copy.toml", source.text)])
