"""No event and no fact of a path may tell who the person is, except sealed."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from contracts import control, paths
from contracts.base import Message
from contracts.events import REGISTRY

PERSONAL = ("pesel", "name", "phone", "mail", "address", "birth", "street", "postal", "town", "sex", "note", "text")
TOLD_BY_THE_RULE = {
    *("basis", "basis_text", "derivation", "rule_version", "calendar_version"),
    *("why", "rules", "local_rules"),
}
"""Free texts that come from `rules/` or a rule file: the law's words and dates, the same for everybody."""
SEALED = {"sealed"}

IN_THE_CLEAR: dict[str, type[BaseModel]] = dict(REGISTRY) | {
    f"{module.__name__}.{name}": model
    for module in (paths, control)
    for name, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, Message) and model is not Message
}

Field = tuple[str, Mapping[str, Any]]


def fields_of(schema: Mapping[str, Any]) -> Iterator[Field]:
    """Every field of a message and of all messages inside it."""
    for known in (schema, *schema.get("$defs", {}).values()):
        yield from known.get("properties", {}).items()


def values_of(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas of the values that a field may hold, lists and dictionaries looked into."""
    inner = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    yield schema
    for each in inner:
        if isinstance(each, Mapping):
            yield from values_of(each)


def is_free_text(value: Mapping[str, Any]) -> bool:
    return value.get("type") == "string" and not {"format", "pattern", "enum", "const"} & value.keys()


def personal(model: type[BaseModel]) -> set[str]:
    """The fields whose names sound like a person's data."""
    named = {name for name, _ in fields_of(model.model_json_schema()) if any(word in name for word in PERSONAL)}
    return named - TOLD_BY_THE_RULE


def free(model: type[BaseModel]) -> set[str]:
    """The fields that may hold any text."""
    return {name for name, schema in fields_of(model.model_json_schema()) if any(map(is_free_text, values_of(schema)))}


@pytest.mark.parametrize("where", IN_THE_CLEAR)
def test_no_field_in_the_clear_is_named_like_personal_data(where: str) -> None:
    assert personal(IN_THE_CLEAR[where]) == set()


@pytest.mark.parametrize("where", IN_THE_CLEAR)
def test_every_text_in_the_clear_is_an_id_a_code_or_an_instant(where: str) -> None:
    assert free(IN_THE_CLEAR[where]) <= SEALED | TOLD_BY_THE_RULE


def test_what_the_path_node_knows_holds_nothing_sealed() -> None:
    of_paths = {where for where in IN_THE_CLEAR if ".path." in where or where.startswith("contracts.")}
    assert of_paths
    assert {where for where in of_paths if SEALED & free(IN_THE_CLEAR[where])} == set()


class Person(Message):
    family_name: str
    remarks: tuple[str | None, ...]


class Telling(Message):
    person: Person | None


def test_this_check_sees_names_and_free_texts_however_deep() -> None:
    assert personal(Telling) == {"family_name"}
    assert free(Telling) == {"family_name", "remarks"}
