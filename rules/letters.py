"""Letters that institutions print and sign: titles, legal bases and the sentences around the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError

from contracts.base import Message
from contracts.codes import AgencyKind, Ground
from rules.data import Raw, read, refuse_doubles, rows, section_of, wrong
from rules.roles import Level, roles

FILE = "letters.toml"

LetterCode = Literal["statutory_cis", "kis", "service", "application", "opinion", "receipt"]
"""The first four are the kinds of referral, each as a letter to its receiver."""


class LetterText(Message):
    """One letter. `basis`: None where no act orders it."""

    code: LetterCode
    title: str = Field(min_length=1)
    basis: str | None = None
    opening: str = Field(min_length=1)


class Steps(Message):
    """What is to happen next, by the rule of its deadline."""

    receipt: str
    claim: str
    decision: str
    answer: str
    silence: str
    redirect_answer: str
    return_answer: str
    cancel_answer: str
    reopen_answer: str
    schedule: str
    wait_review: str
    appointment: str
    contact_again: str
    progress: str
    suspension_end: str
    pick_up: str
    carry_on: str
    consent_answer: str


_Grounds = TypeAdapter(dict[Ground, Annotated[str, Field(min_length=1)]])


class LetterWords(Message):
    """What every letter says besides."""

    number: str
    case_mark: str
    urgency: str
    urgent: str
    basis: str
    sharing: str
    excluded: str
    no_attachments: str
    not_delivery: str
    confidential: str
    signature: str
    or_authorised: str


@dataclass(frozen=True)
class Letters:
    """`grounds`: each in the words of the act; `steps`: what is to happen next, by the rule of its deadline."""

    texts: Mapping[LetterCode, LetterText]
    grounds: Mapping[Ground, str]
    steps: Mapping[str, str]
    words: LetterWords


def build(raw: Raw) -> Letters:
    """Raises RulesError when a letter is doubled or missing, or speaks of something that there is not."""
    found = rows(FILE, raw, "letters", LetterText)
    refuse_doubles(FILE, "letters", (row.code for row in found))
    missing = set(get_args(LetterCode)) - {row.code for row in found}
    if missing:
        raise wrong(FILE, "letters", None, f"no row for {', '.join(sorted(missing))}")
    act = raw.get("act")
    texts = {row.code: _filled(number, row, act) for number, row in enumerate(found, start=1)}
    steps = section_of(FILE, raw, "steps", Steps).model_dump()
    return Letters(texts, _grounds(raw), steps, section_of(FILE, raw, "words", LetterWords))


def _grounds(raw: Raw) -> dict[Ground, str]:
    try:
        found = _Grounds.validate_python(raw.get("grounds"))
    except ValidationError as error:
        raise wrong(FILE, "grounds", None, error.errors()[0]["msg"]) from error
    missing = set(get_args(Ground)) - found.keys()
    if missing:
        raise wrong(FILE, "grounds", None, f"no words for {', '.join(sorted(missing))}")
    return found


def _filled(number: int, row: LetterText, act: object) -> LetterText:
    try:
        basis = row.basis.format_map({"act": act}) if row.basis is not None else None
        opening = row.opening.format_map({"basis": basis} if basis is not None else {})
    except KeyError as error:
        raise wrong(FILE, "letters", number, f"there is no {error.args[0]}") from None
    return row.model_copy(update={"basis": basis, "opening": opening})


def signatory(kind: AgencyKind, level: Level) -> str:
    """As what somebody signs for an institution of this kind; a head may have authorised another."""
    role = next(role for role in roles().values() if kind in role.agencies and role.level == level)
    return f"{role.wording['pl']} {letters().words.or_authorised}" if level == "head" else role.wording["pl"]


@cache
def letters() -> Letters:
    """The table that ships with this package."""
    return build(read(FILE))
