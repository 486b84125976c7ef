"""The handbook of caseworkers says what the screens say: it cannot grow old without a test that fails."""

import re

import pytest

from rules.data import read
from tests.deploy.files import ROOT, text
from tests.desk.extracted import DESK, texts
from tests.web.screens import SCREENS

HANDBOOK = text("docs/podrecznik.md")
TASKS = {part.partition("\n")[0]: part.partition("\n")[2] for part in re.split(r"^### ", HANDBOOK, flags=re.M)[1:]}
MOST_LINES = 8


def _said_by_rules() -> set[str]:
    found: set[str] = set()
    rules = ROOT / "rules"
    left: list[object] = [read(str(file.relative_to(rules))) for file in rules.rglob("*.toml")]
    while left:
        match left.pop():
            case {"pl": str(said)}:
                found.add(said)
            case dict() as table:
                left.extend(table.values())
            case list() as rows:
                left.extend(rows)
    return found


def _said_on_screen() -> set[str]:
    return {said for told in texts() for said in ((told,) if isinstance(told, str) else told)} | _said_by_rules()


def test_words_in_bold_are_on_the_screen() -> None:
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", HANDBOOK, re.S)} - {"Pogrubione"}
    assert bold - _said_on_screen() == set()


def test_quoted_words_are_on_the_screen() -> None:
    assert set(re.findall(r"„(.+?)”", HANDBOOK, re.S)) - _said_on_screen() == set()


def test_pictures_are_those_that_are_made_and_have_a_text() -> None:
    pictures = re.findall(r"!\[(.*?)\]\((\S+)\)", HANDBOOK)
    made = {f"img/desk/{screen.name}.png" for screen in SCREENS if screen.picture}
    assert {name for _, name in pictures} - made == set()
    assert [name for said, name in pictures if not said or not (ROOT / "docs" / name).is_file()] == []


def test_links_lead_to_headings() -> None:
    headings = (heading.lower() for heading in re.findall(r"^#+ (.+)$", HANDBOOK, re.M))
    anchors = {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}
    linked = set(re.findall(r"\]\(#(\S+?)\)", HANDBOOK))
    assert linked - anchors == set()
    assert {re.sub(r"[^\w -]", "", task.lower()).replace(" ", "-") for task in TASKS} - linked == set()


def test_every_key_of_the_desk_is_told_and_no_other() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in (DESK / "templates").rglob("*.html"))
    offered = re.findall(r"""data-key"?[=:] ?"(\w)"|action\(row, who, "(\w)" if""", pages)
    assert set(re.findall(r"^\| `(.)` \|", HANDBOOK, re.M)) == {"?", *("".join(keys) for keys in offered)}


@pytest.mark.parametrize("task", [task for task in TASKS if task != "Skróty klawiszowe"])
def test_a_task_is_told_in_a_few_lines(task: str) -> None:
    body = TASKS[task].partition("\n## ")[0]
    lines = [line for line in body.splitlines() if line and not line.startswith("![")]
    assert len(lines) <= MOST_LINES
