"""Files of the data folder: written whole or not at all, readable by their owner only, locked by one process."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.errors import StackError

LOG_BYTES = 10_000_000
"""A log larger than this when its part starts is put aside, one generation back."""


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` atomically, mode 600: a reader sees the old text or the new one, never a part.

    Raises OSError.
    """
    write_private_bytes(path, text.encode())


def write_private_bytes(path: Path, content: bytes) -> None:
    """The same for bytes."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp creates with mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock file `path`; yields False at once when another process holds it and `wait` is False.

    The operating system frees the lock when the process ends, however it ends.
    """
    with path.open("a", encoding="utf-8") as file:
        os.chmod(path, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def ensure_folder(path: Path) -> Path:
    """The data folder, created if need be, as an absolute path that this process can write to.

    As root other accounts may pass through (mode 711), because PostgreSQL runs under its own; otherwise mode 700.
    Raises StackError.
    """
    path = path.absolute()
    try:
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise StackError(
            f"Nie można zapisywać w katalogu danych {path}: {os.strerror(error.errno or 0)}.",
            "Nadaj prawo zapisu albo wskaż inny katalog: --data KATALOG.",
        ) from error
    return path


def log_file(data: Path, name: str) -> Path:
    """Where the part of this name writes its log."""
    return data / "logs" / f"{name}.log"


def open_log(path: Path) -> int:
    """A file descriptor that appends to the log; the caller closes it. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
