"""The directory of institutions: `<data>/directory.toml`, at first a copy of the demo counties."""

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from contracts.directory import Directory
from stack.errors import StackError
from stack.files import write_private


def directory_path(data: Path) -> Path:
    return data / "directory.toml"


def ensure_directory(data: Path) -> Directory:
    """The directory of this data folder; the demo counties when it has none yet. Raises StackError."""
    if not directory_path(data).exists():
        demo = files("stack.demo").joinpath("directory.toml").read_text(encoding="utf-8")
        write_private(directory_path(data), demo)
    return read_directory(data)


def read_directory(data: Path) -> Directory:
    """The directory of a data folder that was set up. Raises StackError naming what is wrong in it."""
    path = directory_path(data)
    try:
        return Directory.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise StackError(f"W katalogu {data} nie ma spisu instytucji.", "Uruchom najpierw: sciezka up.") from error
    except tomllib.TOMLDecodeError as error:
        raise StackError(f"Plik {path} nie jest poprawnym TOML-em: {error}.", "Popraw wskazany wiersz.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StackError(f"Błąd w {path}: {where}: {first['msg']}.", "Popraw wskazaną pozycję.") from error
