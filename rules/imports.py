"""How offices write their lists: columns and their names, words for codes, forms of dates.

Not dated: a file that was understood once is understood for ever.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from contracts.base import Message
from contracts.codes import Language
from rules.data import Raw, RulesError, Wording, fill, read, refuse_doubles, rows, section_of, wrong

FILE = "imports.toml"

Form = Literal["text", "date", "bool", "number", "pesel", "digits", "postal_code", "code", "codes", "receiver"]


class ImportField(Message):
    """A column a file may have: the place in the form that it fills, and what offices call it."""

    field: str
    form: Form
    width: int | None = Field(default=None, ge=1)
    required: bool = False
    name: Wording
    aliases: tuple[str, ...] = ()


class Words(Message):
    """What offices write for a code."""

    field: str
    code: str
    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Report(Message):
    """The names of the columns that a file of bad rows has besides its own."""

    row: Wording
    column: Wording
    remedy: Wording
    whole_row: Wording


class Sentences(Message):
    """What is said of a column that is missing, and of a word that stands for no code."""

    column: Wording
    choice: Wording


class Common(Message):
    """What holds for every column."""

    date_forms: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    unknown: tuple[str, ...]
    none: tuple[str, ...]
    either: tuple[str, ...]
    template: tuple[str, ...]


@dataclass(frozen=True)
class ImportRules:
    """The whole table. `headers` and `codes` are keyed by folded names; `codes` by field first.

    `choices`: for each field with words, the sentence that names them all.
    """

    common: Common
    report: Report
    sentences: Sentences
    fields: Mapping[str, ImportField]
    headers: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    choices: Mapping[str, Mapping[Language, str]]

    @property
    def required(self) -> tuple[str, ...]:
        """The fields without which a file is refused."""
        return tuple(field.field for field in self.fields.values() if field.required)

    def column_missing(self, field: str) -> dict[Language, str]:
        """The sentence for a file without a column for this field."""
        return fill(self.sentences.column, {"name": self.fields[field].name})

    @property
    def added(self) -> frozenset[str]:
        """The folded names of the columns that a file of bad rows has besides its own."""
        named = (self.report.row, self.report.column, self.report.remedy)
        return frozenset(folded(name) for names in named for name in names.values())


def folded(text: str) -> str:
    """Without case, diacritics and punctuation; ł has no decomposition of its own."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    plain = (each if each.isalnum() else " " for each in decomposed if not unicodedata.combining(each))
    return " ".join("".join(plain).split())


def build(raw: Raw) -> ImportRules:
    """Raises RulesError when a row is bad, or a name or word stands for two things."""
    found = rows(FILE, raw, "fields", ImportField)
    refuse_doubles(FILE, "fields", (field.field for field in found))
    fields = {field.field: field for field in found}
    headers: dict[str, str] = {}
    for number, field in enumerate(found, start=1):
        for name in {folded(each) for each in (field.field, *field.name.values(), *field.aliases)}:
            if headers.setdefault(name, field.field) != field.field:
                raise wrong(FILE, "fields", number, f"{name} is already a name of {headers[name]}")
    common = _common(raw)
    for name, named in (("either", common.either), ("template", common.template)):
        unknown = set(named) - fields.keys()
        if unknown:
            raise RulesError(f"{FILE}, {name}: no field {', '.join(sorted(unknown))}")
    report, sentences = section_of(FILE, raw, "report", Report), section_of(FILE, raw, "sentences", Sentences)
    return ImportRules(common, report, sentences, fields, headers, *_codes(raw, fields, sentences))


def _common(raw: Raw) -> Common:
    given = {name: raw[name] for name in Common.model_fields if name in raw}
    found = section_of(FILE, {"common": given}, "common", Common)
    words = {name: tuple(map(folded, getattr(found, name))) for name in ("yes", "no", "unknown", "none")}
    return found.model_copy(update=words)


def _codes(
    raw: Raw, fields: Mapping[str, ImportField], sentences: Sentences
) -> tuple[dict[str, dict[str, str]], dict[str, dict[Language, str]]]:
    codes: dict[str, dict[str, str]] = {}
    named: dict[str, list[Words]] = {}
    for number, row in enumerate(rows(FILE, raw, "words", Words), start=1):
        if row.field not in fields or fields[row.field].form not in ("code", "codes"):
            raise wrong(FILE, "words", number, f"{row.field} is not a field with codes")
        named.setdefault(row.field, []).append(row)
        known = codes.setdefault(row.field, {})
        for word in {folded(each) for each in (row.code, *row.words)}:
            if known.setdefault(word, row.code) != row.code:
                raise wrong(FILE, "words", number, f"{word} already stands for {known[word]}")
    choices = {field: fill(sentences.choice, {"choices": _choices(found)}) for field, found in named.items()}
    return codes, choices


def _choices(found: Iterable[Words]) -> dict[Language, str]:
    """The first word for each code in Polish; the codes themselves in English."""
    return {"pl": ", ".join(row.words[0] for row in found), "en": ", ".join(row.code for row in found)}


@cache
def import_rules() -> ImportRules:
    """The table that ships with this package."""
    return build(read(FILE))
