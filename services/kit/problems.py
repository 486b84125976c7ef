"""Refusals: RFC 9457 problems with one entry per field, in the caller's language.

A problem is raised anywhere below the edge as a code with parameters; the wording is data, here or in `rules/`.
Parameters are codes, numbers and dates, never a value somebody typed: what is wrong with a PESEL must not repeat it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import Language

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """One field that must be corrected: its dotted path, the code of what is wrong, parameters of the wording."""

    field: str
    code: str
    params: Mapping[str, object] = default(default_factory=dict)
    wording: Mapping[Language, str] | None = None


class Problem(Exception):
    """A refusal with a code from `wording.toml`, which also holds its HTTP status."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        wording: Mapping[Language, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = tuple(errors)
        self.params = params
        self._wording = wording

    @property
    def status(self) -> int:
        status: int = _wordings()["problem"][self.code]["status"]
        return status

    def body(self, language: Language) -> dict[str, Any]:
        """The problem document."""
        document: dict[str, Any] = {
            "type": f"urn:sciezka:problem:{self.code}",
            "title": self._title(language),
            "status": self.status,
        }
        if self.errors:
            document["errors"] = [
                {"field": error.field, "code": error.code, "message": _message(error, language)}
                for error in self.errors
            ]
        return document

    def _title(self, language: Language) -> str:
        if self._wording is not None:
            return self._wording[language]
        title: str = _wordings()["problem"][self.code][language]
        return title.format(**self.params)


def invalid(*errors: FieldError) -> Problem:
    """Fields that must be corrected."""
    return Problem("invalid", errors=errors)


def not_found() -> Problem:
    """Not there, or not yours: nobody learns which."""
    return Problem("not_found")


def from_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Pydantic's complaints about a request, without the input they quote."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem("malformed")
    return invalid(*(_field_error(error) for error in errors))


def _field_error(error: Mapping[str, Any]) -> FieldError:
    place, *path = map(str, error["loc"])
    known = error["type"] in _wordings()["field"]
    context = {"expected": error.get("ctx", {}).get("expected", "")}
    return FieldError(".".join(path) or place, error["type"] if known else "value_error", context)


def _message(error: FieldError, language: Language) -> str:
    if error.wording is not None:
        return error.wording[language]
    text: str = _wordings()["field"][error.code][language]
    return text.format(**error.params)


@cache
def _wordings() -> dict[str, Any]:
    return tomllib.loads(files("services.kit").joinpath("wording.toml").read_text(encoding="utf-8"))


def language_of(accept_language: str | None) -> Language:
    """Polish unless the caller prefers English."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "pl"
