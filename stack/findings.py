"""What the doctor found, in words: the sentences are data, in `sentences.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import Language


@dataclass(frozen=True)
class Check:
    """One thing looked at: `code` of the finding, the part of the system, and the same in words, without any secret."""

    code: str
    name: str
    ok: bool
    sentence: str
    remedy: str
    en: dict[str, str]

    @property
    def detail(self) -> str:
        """What to read: how it stands, and what to do when it is wrong."""
        return f"{self.sentence} {self.remedy}".strip()


def well(code: str, name: str, **values: object) -> Check:
    """This part is as it should be."""
    return _check(code, name, True, values)


def wrong(code: str, name: str, **values: object) -> Check:
    """This part is not as it should be."""
    return _check(code, name, False, values)


def judged(code: str, name: str, ok: bool, **values: object) -> Check:
    """One or the other, with the same values."""
    return _check(code, name, ok, values)


def report(checks: Sequence[Check]) -> dict[str, Any]:
    """What `--json` prints."""
    shown = [
        {
            "code": check.code,
            "part": check.name,
            "ok": check.ok,
            "sentence": check.sentence,
            "remedy": check.remedy,
            "en": check.en,
        }
        for check in checks
    ]
    return {"ok": all(check.ok for check in checks), "checks": shown}


def _check(code: str, name: str, ok: bool, values: dict[str, object]) -> Check:
    return Check(
        code,
        name,
        ok,
        sentence=_said(code, "well" if ok else "wrong", "pl", values),
        remedy="" if ok else _said(code, "remedy", "pl", values),
        en={
            "sentence": _said(code, "well" if ok else "wrong", "en", values),
            "remedy": "" if ok else _said(code, "remedy", "en", values),
        },
    )


def _said(code: str, what: str, language: Language, values: dict[str, object]) -> str:
    text: str = _sentences()[code][what][language]
    return text.format(**values)


@cache
def _sentences() -> dict[str, Any]:
    return tomllib.loads(files("stack").joinpath("sentences.toml").read_text(encoding="utf-8"))
