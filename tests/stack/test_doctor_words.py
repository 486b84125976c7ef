"""What the doctor says: every finding in two languages, with a remedy, and in the documents."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.findings import _sentences
from stack.troubles import OF_EVERY_SERVICE, OF_PATHS
from tests.stack.troubles import TROUBLES, TROUBLES_OF_PATHS


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def _wordings() -> Iterator[tuple[str, str, dict[str, str]]]:
    for code, texts in _sentences().items():
        for what, wording in texts.items():
            yield code, what, wording


@pytest.mark.parametrize(("code", "what", "wording"), list(_wordings()))
def test_every_sentence_is_there_in_both_languages(code: str, what: str, wording: dict[str, str]) -> None:
    assert wording.keys() == {"pl", "en"}
    assert all(wording.values())
    if code != "stack":  # whose Polish sentence comes with the error
        assert _placeholders(wording["pl"]) == _placeholders(wording["en"])


def test_whatever_can_be_wrong_has_a_remedy_and_every_trouble_its_sentence() -> None:
    sentences = _sentences()
    assert [code for code, texts in sentences.items() if "wrong" in texts and "remedy" not in texts] == []
    assert {trouble.code for trouble in OF_EVERY_SERVICE} == TROUBLES.keys()
    assert {trouble.code for trouble in OF_PATHS} == TROUBLES_OF_PATHS.keys()


def test_every_sentence_stands_in_the_documents_with_its_remedy() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [code for code, texts in _sentences().items() if "wrong" in texts and f"`{code}`" not in page] == []
