"""The table of faults in the documentation."""

from pathlib import Path

import pytest

from chaos.report import BEGIN, END, Result, renewed, table, write, written

DONE = {"F01": "a node dies", "F02": "another dies"}


def row(text: str, fault: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {fault} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_counts_the_runs_and_names_the_slowest_recovery() -> None:
    cells = row(table(DONE, [Result("F01", 9.0, 1.5), Result("F01", 9.0, 2.25)]), "F01")
    assert cells == ["F01", "a node dies", *["2/2"] * 7, "2 of 2", "2.2 s"]


def test_a_broken_invariant_is_counted_in_its_own_column() -> None:
    cells = row(table(DONE, [Result("F01", 9.0, 1.0), Result("F01", 9.0, None, broken=("I2",))]), "F01")
    assert cells[2:5] == ["2/2", "1/2", "2/2"]
    assert cells[-2] == "1 of 2"


def test_a_run_that_failed_before_it_was_judged_holds_nothing() -> None:
    cells = row(table(DONE, [Result("F01", 9.0, None, failure="TimeoutError")]), "F01")
    assert set(cells[2:-2]) == {"–"}
    assert cells[-2] == "0 of 1"


def test_a_fault_that_was_not_run_says_so() -> None:
    assert row(table(DONE, []), "F02")[-2] == "not run"


def test_the_table_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write(document, "new")
    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_document_without_a_place_for_the_table_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        write(document, "new")


def test_a_run_of_one_fault_renews_its_row_and_leaves_all_else() -> None:
    before = table(DONE, [Result("F01", 9.0, 1.0), Result("F02", 9.0, 1.0)]) + "\n\nFlood: nothing lost."
    after = renewed(before, table({"F02": DONE["F02"]}, [Result("F02", 9.0, None, broken=("I2",))]))
    assert row(after, "F01") == row(before, "F01")
    assert row(after, "F02")[-2] == "0 of 1"
    assert after.endswith("\n\nFlood: nothing lost.")


def test_what_was_written_can_be_read_again(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write(document, "| new |")
    assert written(document) == "| new |"
