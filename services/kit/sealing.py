"""Messages in and out of a sealed value."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel

from contracts.base import without_control_characters
from services.kit.keyring import Keyring

M = TypeVar("M", bound=BaseModel)

_CONTROL = re.compile(rb"\\u00(?:[0189]|7[fF])|\x7f|\xc2[\x80-\x9f]")
"""Control characters as the JSON of a message has them; ends of lines and tabs stand in it otherwise."""


class Text(BaseModel):
    """A free text that may name a person."""

    text: str


def seal(keyring: Keyring, message: BaseModel, *, to: str, context: object) -> str:
    """`message` for node `to`, bound to `context`."""
    return keyring.seal(message.model_dump_json(exclude_none=True).encode(), to=to, context=context)


def unseal(keyring: Keyring, model: type[M], sealed: str, *, context: object) -> M:
    """The message in a value sealed for this node. Raises CannotOpen, or ValidationError for another message.

    What was sealed before control characters were refused is read without them.
    """
    content = keyring.open(sealed, context=context)
    if _CONTROL.search(content):
        content = json.dumps(_cleaned(json.loads(content))).encode()
    return model.model_validate_json(content)


def seal_text(keyring: Keyring, text: str | None, *, to: str, context: object) -> str | None:
    return None if text is None else seal(keyring, Text(text=text), to=to, context=context)


def unseal_text(keyring: Keyring, sealed: str | None, *, context: object) -> str | None:
    return None if sealed is None else unseal(keyring, Text, sealed, context=context).text


def _cleaned(value: Any) -> Any:
    """The same value; texts, names of fields included, without control characters."""
    match value:
        case str():
            return without_control_characters(value)
        case list():
            return [_cleaned(each) for each in value]
        case dict():
            return {_cleaned(name): _cleaned(each) for name, each in value.items()}
        case _:
            return value
