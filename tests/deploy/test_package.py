"""A wheel of ours holds every file that our code reads while it runs."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.deploy.files import ROOT, text

SETUPTOOLS = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]
_OF_TESTS = ("contracts/golden", "contracts/snapshots")
_OF_THE_BUILD = "services/desk/assets"


def _packed() -> set[Path]:
    """Every data file that pyproject.toml names; `*` stands for each of our packages."""
    packages = {file.parent for file in ROOT.glob("*/**/__init__.py") if _ours(file)}
    found: set[Path] = set()
    for name, patterns in SETUPTOOLS["package-data"].items():
        folders = packages if name == "*" else {ROOT / name.replace(".", "/")}
        found |= {file for folder in folders for pattern in patterns for file in folder.glob(pattern)}
    return found


def _ours(file: Path) -> bool:
    top = file.relative_to(ROOT).parts[0]
    return any(fnmatch(top, wanted) for wanted in SETUPTOOLS["packages"]["find"]["include"])


def test_data_that_our_code_reads_is_packed() -> None:
    data = {
        file
        for name in SETUPTOOLS["packages"]["find"]["include"]
        for folder in ROOT.glob(name)
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix not in (".py", ".pyc")
        and not str(file.relative_to(ROOT)).startswith((*_OF_TESTS, _OF_THE_BUILD))
    }
    assert sorted(str(file.relative_to(ROOT)) for file in data - _packed()) == []
    assert any(file.suffix == ".typ" for file in data)
    assert ROOT / "services/desk/built/stamp" in data
