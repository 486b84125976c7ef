"""Messages in and out of a sealed value."""

from typing import TypeVar

from pydantic import BaseModel

from services.kit.keyring import Keyring

M = TypeVar("M", bound=BaseModel)


class Text(BaseModel):
    """A free text that may name a person."""

    text: str


def seal(keyring: Keyring, message: BaseModel, *, to: str, context: object) -> str:
    """`message` for node `to`, bound to `context`."""
    return keyring.seal(message.model_dump_json(exclude_none=True).encode(), to=to, context=context)


def unseal(keyring: Keyring, model: type[M], sealed: str, *, context: object) -> M:
    """The message in a value sealed for this node. Raises CannotOpen, or ValidationError for another message."""
    return model.model_validate_json(keyring.open(sealed, context=context))


def seal_text(keyring: Keyring, text: str | None, *, to: str, context: object) -> str | None:
    return None if text is None else seal(keyring, Text(text=text), to=to, context=context)


def unseal_text(keyring: Keyring, sealed: str | None, *, context: object) -> str | None:
    return None if sealed is None else unseal(keyring, Text, sealed, context=context).text
