"""What goes with every decision made at the command line: who made it, and why."""

import getpass
import os

from pydantic import TypeAdapter, ValidationError

from contracts.worklist import Why
from stack.errors import StackError

_WHY: TypeAdapter[str] = TypeAdapter(Why)


def operator() -> str:
    """Whoever runs the command, as the operating system knows them."""
    try:
        return f"operator {getpass.getuser()}"
    except KeyError:  # an account without a name, as in containers
        return f"operator {os.getuid()}"


def why(reason: str) -> str:
    """The reason as it is kept. Raises StackError when it is too short or too long."""
    try:
        return _WHY.validate_python(reason)
    except ValidationError:
        raise StackError("Powód musi mieć od 3 do 500 znaków.", "Podaj go: --reason 'dlaczego'.") from None
