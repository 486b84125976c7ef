"""The rules of deadlines as a caseworker looks them up: by subject, each with how long there is today. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.directory import Agency
from contracts.paths import RuleKind
from contracts.rulebook import EarlierItem, LocalLengthItem, Rulebook, RuleItem


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


SUBJECTS: Mapping[str, str] = {
    "referral": _("Skierowania"),
    "application": _("Wnioski w OPS"),
    "participation": _("Udział w CIS, KIS i projektach"),
    "plan": _("Plany: IPZS i IPD"),
    "employment": _("Praca i przedsiębiorstwa społeczne"),
    "office": _("Obowiązki jednostek i postępowanie administracyjne"),
}
"""In the order of the page."""

KINDS: Mapping[RuleKind, str] = {"law": _("prawo"), "practice": _("praktyka"), "service_level": _("poziom usług")}

SIDES: Mapping[str, str] = {"sender": _("instytucja kierująca"), "receiver": _("jednostka przyjmująca")}
"""Who must act, where the rule names no role."""

MEANINGS: Mapping[str, str] = {
    "end": _("tego dnia coś się kończy samo"),
    "earliest": _("możliwe od tego dnia"),
}
"""What a date means when nothing has to be done by it."""

HERE: Mapping[str, tuple[str, ...]] = {"ops": ("referral", "application")}
"""Subjects that are unfolded from the start, by kind of institution."""


@dataclass(frozen=True)
class Rule:
    """A rule with what stands beside it. `for_all`: another length that governs everybody today instead of its own;
    `others`: lengths of this institution alone, and those to come; `earlier`: versions that running cases keep."""

    item: RuleItem
    for_all: LocalLengthItem | None
    others: tuple[LocalLengthItem, ...]
    earlier: tuple[EarlierItem, ...]


@dataclass(frozen=True)
class Section:
    """The rules of one subject, `title` a msgid. `watched`: whether deadlines by any of them are computed yet."""

    code: str
    title: str
    rules: list[Rule] = field(default_factory=list)
    open: bool = False

    @property
    def watched(self) -> bool:
        return any(rule.item.watched for rule in self.rules)


def sections(book: Rulebook, agency: Agency, wanted: str | None, *, unfolded: bool) -> list[Section]:
    """The sections of the page; `wanted`: the rule that was asked for, which is in sight."""
    opened = set(HERE.get(agency.kind, ("referral",)))
    if wanted is not None:
        opened = {item.subject for item in book.items if item.id == wanted}
    found = {code: Section(code, title, open=unfolded or code in opened) for code, title in SUBJECTS.items()}
    for item in book.items:
        found[item.subject].rules.append(_rule(book, item))
    return [section for section in found.values() if section.rules]


def _rule(book: Rulebook, item: RuleItem) -> Rule:
    local = [each for each in book.local_lengths if each.rule == item.id]
    for_all = next((each for each in local if each.institution is None and each.valid_from <= book.day), None)
    return Rule(
        item=item,
        for_all=for_all,
        others=tuple(each for each in local if each is not for_all),
        earlier=tuple(each for each in book.earlier if each.id == item.id),
    )
