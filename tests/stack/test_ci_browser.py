"""The browser for the tests: found, installed where that may be done, else told to be missing; in CI an error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = "#!/bin/sh\nexit 0\n"
DEBIANS = """#!/bin/sh
[ "$1" != install ] || {{ echo '{program}' > '{folder}/chromium' && /bin/chmod +x '{folder}/chromium'; }}
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """All the programs that the script may find: at first only one that calls it root."""
    _program(tmp_path, "id", "#!/bin/sh\necho 0\n")
    return tmp_path


def _program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


def _browser(programs: Path, ci: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["/bin/sh", ".ci/browser", sys.executable],
        cwd=ROOT,
        env={**os.environ, "PATH": str(programs), "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_browser_that_is_there_is_not_talked_about(programs: Path) -> None:
    _program(programs, "chromium", CHROMIUM)
    assert _browser(programs, "true") == (0, "", "")


def test_without_a_browser_ci_ends_with_what_to_do(programs: Path) -> None:
    code, said, wrong = _browser(programs, "true")
    assert (code, said) == (1, "")
    assert wrong.startswith("Błąd: Brakuje przeglądarki Chromium")
    assert "apt install chromium" in wrong
    assert len(wrong.splitlines()) == 2


def test_without_a_browser_others_go_on_and_are_told_what_is_left_out(programs: Path) -> None:
    code, _, wrong = _browser(programs, "")
    assert (code, "zostaną pominięte" in wrong, len(wrong.splitlines())) == (0, True, 1)


def test_a_browser_that_the_system_offers_is_installed(programs: Path) -> None:
    _program(programs, "apt-get", DEBIANS.format(program=CHROMIUM.splitlines()[0], folder=programs))
    code, said, wrong = _browser(programs, "true")
    assert (code, wrong) == (0, "")
    assert said.startswith("Instalowanie przeglądarki Chromium")
    assert (programs / "chromium").exists()
