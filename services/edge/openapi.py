"""The OpenAPI document of a node: what FastAPI knows of the routes, the refusals that any of them may answer with, and
examples."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

from services.edge.examples import ANSWERS, BODIES, PROBLEM
from services.kit.problems import MEDIA_TYPE

_PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}
_REFUSALS: Mapping[str, str] = {
    "400": "Treści nie da się odczytać / The body cannot be read",
    "401": "Brak ważnego tokenu / No valid token",
    "403": "Ta rola nie może tego zrobić / Not for this role",
    "404": "Nie ma albo nie jest Twoje / Not there, or not yours",
    "409": "Teraz to niemożliwe / Not possible now",
    "410": "Było, ale czas przechowywania minął / Was there, the time for keeping it is over",
    "412": "Zmieniło się w międzyczasie / It has changed meanwhile",
    "413": "Za duże / Too large",
    "415": "Nie ten rodzaj treści / Not the right type of content",
    "422": "Pola do poprawienia / Fields to correct",
    "429": "Za wiele w krótkim czasie / Too many in a short time",
    "503": "Chwilowo niedostępne, nic nie zginęło / Unavailable for the moment, nothing was lost",
}


class Documented(FastAPI):
    """An application whose document tells all this."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            _complete(super().openapi())
        return super().openapi()


def _complete(document: Mapping[str, Any]) -> None:
    for verb, path, operation in operations(document):
        operation["summary"] = _summaries().get(f"{verb} {path}", operation["summary"])
        _refuse(operation, _refusals(verb, operation))
        _show(operation, BODIES.get((verb, path), {}))
        if (verb, path) in ANSWERS:
            status, answer = ANSWERS[verb, path]
            operation["responses"][status]["content"]["application/json"]["example"] = answer


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its method, in capitals, and its address."""
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield verb.upper(), path, operation


@cache
def _summaries() -> dict[str, str]:
    return tomllib.loads(files("services.edge").joinpath("summaries.toml").read_text(encoding="utf-8"))


def _refusals(verb: str, operation: Mapping[str, Any]) -> set[str]:
    """The refusals that follow from what an operation takes; a route may tell of others."""
    found = {"401", "404", "409", "422", "503"}
    if verb != "GET":
        found.add("403")
    if "requestBody" in operation:
        found |= {"400", "413", "415"}
    if any(each["name"].lower() == "if-match" for each in operation.get("parameters", ())):
        found.add("412")
    return found


def _refuse(operation: dict[str, Any], statuses: set[str]) -> None:
    answers = operation["responses"]
    for status in sorted(statuses | {status for status in answers if status >= "400"}):
        example = {"example": PROBLEM} if status == "422" else {}
        answers[status] = {"description": _REFUSALS[status], "content": {MEDIA_TYPE: {"schema": _PROBLEM, **example}}}
    operation["responses"] = dict(sorted(answers.items()))


def _show(operation: dict[str, Any], bodies: Mapping[str, Any]) -> None:
    """Put the examples of a request's body where programs and the page look for them."""
    if bodies:
        (content,) = operation["requestBody"]["content"].values()
        content["examples"] = dict(bodies)
