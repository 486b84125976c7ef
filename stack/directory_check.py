"""What is wrong in a directory file, told to the person who edits it: the line, the fault, the remedy."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from contracts.directory import INCONSISTENT, Directory
from contracts.directory_faults import Fault, Place
from rules.roles import roles_of
from stack.toml_lines import line_of

_ELSE = "value_error"


@dataclass(frozen=True)
class Finding:
    """One thing to correct. `sentence` and `remedy` are in Polish, as all of the command is."""

    line: int
    code: str
    sentence: str
    remedy: str


def examine(text: str) -> tuple[Directory | None, tuple[Finding, ...]]:
    """The directory in this TOML text, or everything that is wrong in it, in the order of its lines."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (_finding(_line_of_syntax(error, text), "syntax", {}),)
    directory: Directory | None = None
    faults: tuple[Fault, ...] = ()
    try:
        directory = Directory.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] != INCONSISTENT:
            return None, _sorted(_malformed(error, text))
        faults = first["ctx"]["faults"]
    found = _sorted(_finding(line_of(text, each.place), each.code, each.values) for each in (*faults, *_roles(raw)))
    return (None if found else directory), found


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _malformed(error: ValidationError, text: str) -> Iterator[Finding]:
    """Values of a wrong form, by what pydantic says of each."""
    for item in error.errors():
        field = _field(item["loc"])
        code = next(code for code in (f"{item['type']}.{field}", item["type"], _ELSE) if code in _words())
        values = {"field": field, "expected": _listed(item.get("ctx", {}).get("expected", ""))}
        yield _finding(line_of(text, item["loc"]), code, values)


def _roles(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """A role that nobody has in an institution of this kind; of a directory that is well formed."""
    for number, agency in enumerate(raw["agencies"]):
        known = roles_of(agency["kind"])
        for index, adviser in enumerate(agency.get("advisers", ())):
            if adviser["role"] not in known:
                place = ("agencies", number, "advisers", index, "role")
                values = {"slug": agency["slug"], "role": adviser["role"], "roles": ", ".join(sorted(known))}
                yield Fault(place, "role_unknown", values)


def _field(place: Place) -> str:
    """The innermost name on the way."""
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _line_of_syntax(error: tomllib.TOMLDecodeError, text: str) -> int:
    """tomllib tells the line only in its English sentence; at the end of the file it tells none."""
    found = [word.rstrip(",") for word in str(error).partition("(at line ")[2].split()]
    return int(found[0]) if found else max(1, text.count("\n") + 1)


def _finding(line: int, code: str, values: dict[str, Any]) -> Finding:
    words = _words()[code]
    return Finding(line, code, words["sentence"].format(**values), words["remedy"].format(**values))


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("stack").joinpath("directory_words.toml").read_text(encoding="utf-8"))


def _listed(expected: str) -> str:
    """Pydantic's list of allowed values in Polish."""
    return expected.replace("'", "").replace(" or ", " lub ")
