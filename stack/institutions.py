"""The directory of institutions: `<data>/directory.toml`, at first a copy of the demo counties."""

from importlib.resources import files
from pathlib import Path

from contracts.directory import Directory
from stack.directory_check import examine
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
    """The directory of a data folder that was set up. Raises StackError naming the first thing that is wrong in it."""
    path = directory_path(data)
    found, findings = examine(directory_text(path))
    if found is None:
        first = findings[0]
        raise StackError(
            f"{path}, wiersz {first.line}: {first.sentence}",
            f"{first.remedy} Wszystkie błędy wypisze: sciezka directory check.",
        )
    return found


def directory_text(path: Path) -> str:
    """The file as it stands. Raises StackError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StackError(f"Nie ma spisu instytucji {path}.", "Podaj plik albo uruchom najpierw: sciezka up.") from error
    except OSError as error:
        raise StackError(f"Nie można odczytać {path}.", "Podaj plik, który wolno ci czytać.") from error
    except UnicodeDecodeError as error:
        raise StackError(f"Spis instytucji {path} nie jest w UTF-8.", "Zapisz plik w kodowaniu UTF-8.") from error


def counted(directory: Directory) -> str:
    """How much there is, as `instytucji 16, węzłów 4, …`."""
    agencies = directory.agencies
    counts = {
        "instytucji": len(agencies),
        "węzłów": len(directory.nodes),
        "instytucji bez konta": len(directory.parties),
        "jednostek": sum(len(agency.units) for agency in agencies),
        "warsztatów": sum(len(agency.workshops) for agency in agencies),
        "porozumień": sum(len(agency.agreements) for agency in agencies),
    }
    return ", ".join(f"{what} {count}" for what, count in counts.items())
