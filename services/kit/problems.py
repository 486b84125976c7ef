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
    """A refusal with a code from `wording.toml`, which also holds its HTTP status. `retry_after`: in seconds."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        wording: Mapping[Language, str] | None = None,
        links: Sequence[str] = (),
        retry_after: int | None = None,
        **params: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = tuple(errors)
        self.links = tuple(links)
        self.retry_after = retry_after
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
        if self.links:
            document |= {"link": self.links[0], "links": list(self.links)}
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


def _message(error: FieldError, language: Language) -> str:
    if error.wording is not None:
        return error.wording[language]
    text: str = _wordings()["field"][error.code][language]
    return text.format(**error.params)


@cache
def _wordings() -> dict[str, Any]:
    return tomllib.loads(files("services.kit").joinpath("wording.toml").read_text(encoding="utf-8"))


def language_of(accept_language: str | None) -> Language:
    """Polish unless the caller prefers English (`Accept-Language`, RFC 9110)."""
    wishes: dict[str, float] = {}
    for wish in (accept_language or "").lower().split(","):
        tag, _, weight = wish.partition(";")
        wishes.setdefault(tag.strip().partition("-")[0], _weight(weight))
    others = wishes.get("*", 0.0)
    return "en" if wishes.get("en", others) > wishes.get("pl", others) else "pl"


def _weight(parameter: str) -> float:
    """The `q` of a language, 1 when nothing is told, 0 for what is no number."""
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
