"""What would break between two versions of one message, told by their JSON schemas.

Nodes are updated one by one and events stay in outboxes and streams for months, so a message of today must be readable
tomorrow and the other way round. Whatever is listed here needs a new event version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

JsonSchema = Mapping[str, Any]

_KIND = (
    "type",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
)
"""The keywords that together say what kind of value is allowed; values of an enumeration are compared on their own."""


def breaking(old: JsonSchema, new: JsonSchema) -> list[str]:
    """The breaking changes from `old` to `new`, each with the place in the message; empty when there are none."""
    return list(_changes("", _Place(old, old), _Place(new, new)))


class _Place:
    """One schema inside the document that holds its definitions."""

    def __init__(self, schema: JsonSchema, document: JsonSchema) -> None:
        while "$ref" in schema:
            schema = document["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        self.schema = schema
        self.document = document

    def at(self, schema: JsonSchema) -> "_Place":
        return _Place(schema, self.document)

    @property
    def fields(self) -> Mapping[str, JsonSchema]:
        fields: Mapping[str, JsonSchema] = self.schema.get("properties", {})
        return fields

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.schema.get("required", ()))

    @property
    def values(self) -> frozenset[str] | None:
        """The values of an enumeration, None for any other schema."""
        if "const" in self.schema:
            return frozenset({repr(self.schema["const"])})
        return frozenset(map(repr, self.schema["enum"])) if "enum" in self.schema else None

    @property
    def alternatives(self) -> dict[tuple[object, ...], "_Place"]:
        """What is allowed here, by kind."""
        places = [self.at(schema) for schema in self.schema.get("anyOf", [self.schema])]
        return {place._kind: place for place in places}

    @property
    def _kind(self) -> tuple[object, ...]:
        return (*(self.schema.get(keyword) for keyword in _KIND), self.values is None)


def _changes(where: str, old: _Place, new: _Place) -> Iterator[str]:
    if old.alternatives.keys() != new.alternatives.keys():
        yield f"{where or 'message'}: type changed"
        return
    for kind, before in old.alternatives.items():
        after = new.alternatives[kind]
        yield from _narrowed(where, before, after)
        yield from _fields(where, before, after)
        for keyword, sign in (("items", "[]"), ("additionalProperties", "{}")):
            inner = before.schema.get(keyword), after.schema.get(keyword)
            if isinstance(inner[0], Mapping) and isinstance(inner[1], Mapping):
                yield from _changes(f"{where}{sign}", old.at(inner[0]), new.at(inner[1]))


def _narrowed(where: str, old: _Place, new: _Place) -> Iterator[str]:
    gone = (old.values or frozenset()) - (new.values or frozenset())
    if gone:
        yield f"{where}: no longer allows {', '.join(sorted(gone))}"


def _fields(where: str, old: _Place, new: _Place) -> Iterator[str]:
    prefix = f"{where}." if where else ""
    for name in sorted(old.fields.keys() - new.fields.keys()):
        yield f"{prefix}{name}: removed"
    for name in sorted(new.required - old.required):
        yield f"{prefix}{name}: newly required"
    for name in sorted((old.required - new.required) & new.fields.keys()):
        yield f"{prefix}{name}: no longer required"
    for name in sorted(old.fields.keys() & new.fields.keys()):
        yield from _changes(f"{prefix}{name}", old.at(old.fields[name]), new.at(new.fields[name]))
