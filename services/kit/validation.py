"""Pydantic's complaints about a request as fields to correct, without the input they quote."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import Language
from services.kit.problems import FieldError, Problem, invalid

_MOST = 100
"""Fields named at once. Whoever has more to correct sent something else than a form."""


def from_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem that these errors are: a body that is no JSON, or fields to correct."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem("malformed")
    return invalid(*map(field_error, errors[:_MOST]))


def field_error(error: Mapping[str, Any]) -> FieldError:
    """One error with a sentence; the place names the part of the request first."""
    part, *path = map(str, error["loc"])
    field = ".".join(path) or part
    if error["type"] == "missing":  # which is also said of what only the law or the state of a case asks for
        return FieldError(field, "missing")
    code = _code(error)
    return FieldError(field, code, wording=_wording(code, error.get("ctx", {})))


def _code(error: Mapping[str, Any]) -> str:
    kind: str = error["type"]
    if kind == "string_pattern_mismatch":
        kind = _data()["patterns"].get(error["ctx"]["pattern"], kind)
    elif kind == "value_error" and "email" in error["msg"]:
        kind = "email_invalid"
    return kind if kind in _data()["sentences"] else "value_error"


def _wording(code: str, context: Mapping[str, Any]) -> dict[Language, str]:
    """The sentence in both languages, with what pydantic tells of the field, not of the value."""
    sentence: dict[Language, str] = _data()["sentences"][code]
    expected = str(context.get("expected", "")).replace("'", "")
    allowed: dict[Language, str] = {"pl": expected.replace(" or ", " lub "), "en": expected}
    return {
        language: text.format_map({**context, "expected": allowed[language]}) for language, text in sentence.items()
    }


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("services.kit").joinpath("validation.toml").read_text(encoding="utf-8"))
