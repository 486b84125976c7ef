"""The table of columns fits the form that it fills."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from contracts.api import NewReferral
from rules.data import RulesError, read
from rules.imports import FILE, build, folded, import_rules


def _type_of(field: str) -> Any:
    """What the form takes at this dotted place."""
    found: Any = NewReferral
    for name in field.split("."):
        models = [each for each in _parts(found) if isinstance(each, type) and issubclass(each, BaseModel)]
        found = models[0].model_fields[name].annotation
    return found


def _parts(annotation: Any) -> Iterator[Any]:
    """The plain types and literals that an annotation is made of."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple, typing.Annotated):
        for part in typing.get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _codes(field: str) -> set[str]:
    return {str(code) for part in _parts(_type_of(field)) for code in typing.get_args(part)}


@pytest.mark.parametrize("field", import_rules().fields)
def test_every_column_fills_a_place_of_the_form(field: str) -> None:
    assert _type_of(field) is not None


@pytest.mark.parametrize(("field", "words"), import_rules().codes.items())
def test_every_word_stands_for_a_code_of_its_field(field: str, words: dict[str, str]) -> None:
    known = _codes(field)
    assert not known or set(words.values()) <= known


@pytest.mark.parametrize("field", [field.field for field in import_rules().fields.values() if field.form == "code"])
def test_every_code_of_a_closed_list_has_a_word(field: str) -> None:
    assert _codes(field) <= set(import_rules().codes[field].values())


def test_names_are_compared_without_case_diacritics_and_punctuation() -> None:
    assert folded("  Gmina (TERYT)  ") == "gmina teryt"
    assert folded("ŁÓDŹ, Święta-Źrebięta") == "lodz swieta zrebieta"


@pytest.mark.parametrize(
    ("section", "row", "told"),
    [
        ("fields", {"field": "x", "form": "text", "name": {"pl": "Imię", "en": "X"}}, "already a name"),
        ("fields", {"field": "receiver", "form": "text", "name": {"pl": "Y", "en": "X"}}, "given twice"),
        ("words", {"field": "grounds", "code": "X", "words": ["bezdomność"]}, "already stands for"),
        ("words", {"field": "reason", "code": "X", "words": ["x"]}, "not a field with codes"),
    ],
)
def test_a_name_or_word_for_two_things_is_refused(section: str, row: dict[str, Any], told: str) -> None:
    raw = read(FILE)
    raw[section] = [*raw[section], row]
    with pytest.raises(RulesError, match=told):
        build(raw)
