"""What counts as a breaking change of a message."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, StringConstraints, create_model

from contracts.compatibility import breaking


class Inner(BaseModel):
    code: str


class InnerWithout(BaseModel):
    pass


class InnerOther(BaseModel):
    code: int


def message(**fields: object) -> type[BaseModel]:
    """A model with these fields; a tuple is (type, default)."""
    parts: dict[str, Any] = {name: kind if isinstance(kind, tuple) else (kind, ...) for name, kind in fields.items()}
    made: type[BaseModel] = create_model("Message", **parts)
    return made


def changes(old: type[BaseModel], new: type[BaseModel]) -> list[str]:
    return breaking(old.model_json_schema(), new.model_json_schema())


OLD = message(id=UUID, note=(str | None, None))


@pytest.mark.parametrize(
    ("new", "named"),
    [
        pytest.param(message(note=(str | None, None)), ["id: removed"], id="a required field is gone"),
        pytest.param(message(id=UUID), ["note: removed"], id="an optional field is gone"),
        pytest.param(message(id=UUID, note=(str | None, None), at=datetime), ["at: newly required"], id="a new field"),
        pytest.param(
            message(id=UUID, note=str), ["note: newly required", "note: type changed"], id="an optional field is a duty"
        ),
        pytest.param(
            message(id=(UUID, UUID(int=0)), note=(str | None, None)), ["id: no longer required"], id="may be absent"
        ),
        pytest.param(message(id=str, note=(str | None, None)), ["id: type changed"], id="another format"),
        pytest.param(message(id=UUID, note=(int | None, None)), ["note: type changed"], id="another type"),
        pytest.param(
            message(id=UUID | None, note=(str | None, None)), ["id: type changed"], id="a value may be missing now"
        ),
    ],
)
def test_a_breaking_change_of_a_field_is_named(new: type[BaseModel], named: list[str]) -> None:
    assert changes(OLD, new) == named


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        pytest.param(Literal["a", "b"], Literal["a"], ["x: no longer allows 'b'"], id="to one"),
        pytest.param(Literal["a", "b", "c"], Literal["a", "b"], ["x: no longer allows 'c'"], id="to fewer"),
        pytest.param(Literal["a"], Literal["a", "b"], [], id="widened"),
        pytest.param(Literal["a", "b"], str, ["x: type changed"], id="any text"),
        pytest.param(Literal["a", "b"] | None, Literal["a"] | None, ["x: no longer allows 'b'"], id="beside nothing"),
        pytest.param(date, datetime, ["x: type changed"], id="an instant for a day"),
        pytest.param(
            str, Annotated[str, StringConstraints(max_length=9)], ["x: type changed"], id="a limit where there was none"
        ),
        pytest.param(tuple[str, ...], tuple[int, ...], ["x[]: type changed"], id="inside a list"),
        pytest.param(dict[str, str], dict[str, int], ["x{}: type changed"], id="inside a dictionary"),
        pytest.param(Inner, InnerWithout, ["x.code: removed"], id="inside another message"),
        pytest.param(tuple[Inner, ...], tuple[InnerOther, ...], ["x[].code: type changed"], id="deep inside"),
        pytest.param(Inner | None, InnerOther | None, ["x.code: type changed"], id="inside an optional message"),
    ],
)
def test_a_breaking_change_of_a_value_is_named_by_its_place(old: object, new: object, named: list[str]) -> None:
    assert changes(message(x=old), message(x=new)) == named


def test_a_new_optional_field_breaks_nothing() -> None:
    assert changes(OLD, message(id=UUID, note=(str | None, None), at=(datetime | None, None))) == []


def test_another_wording_breaks_nothing() -> None:
    class Message(BaseModel):
        """Said differently."""

        id: UUID
        note: str | None = None

    assert changes(OLD, Message) == []


def test_a_message_does_not_break_itself() -> None:
    assert changes(OLD, OLD) == []
