"""Before it is sent: what the form says in words, and what of it the receiver will see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.codes import Language, ReferralKind
from contracts.directory import Agency
from contracts.dossier import Dossier
from rules.sharing import PREVIEW, cut, matrix
from services.desk.new.editor import Editor
from services.desk.new.field import _
from services.desk.new.table import FIELDS, GROUPS, LISTS, ROWS

Say = Callable[[str], str]

DOSSIER = {
    "given_name": _("imię"),
    "family_name": _("nazwisko"),
    "birth_date": _("data urodzenia"),
    "sex": _("płeć"),
    "pesel": _("PESEL"),
    "phone": _("telefon"),
    "email": _("adres poczty elektronicznej"),
    "address": _("adres"),
    "grounds": _("podstawy"),
    "reason": _("powód skierowania"),
    "expectations": _("oczekiwania"),
    "accessibility_needs": _("inne potrzeby"),
    "opinion": _("opinia"),
    "case_mark": _("znak sprawy"),
    "previous_family_name": _("poprzednie nazwisko"),
    "document": _("dokument"),
    "citizenship": _("obywatelstwo"),
    "preferred_contact": _("sposób kontaktu"),
    "language": _("język"),
    "representative": _("przedstawiciel"),
    "other_ground": _("inna podstawa"),
    "ground_documents": _("dokumenty podstaw"),
    "general_clause": _("wykluczenie społeczne"),
    "labour": _("rynek pracy"),
    "health": _("zdrowie"),
    "background": _("wykształcenie i praca"),
    "situation": _("sytuacja życiowa"),
    "household": _("gospodarstwo domowe"),
    "preferred_workshop": _("warsztat"),
    "availability": _("dostępność"),
    "accessibility": _("potrzeby"),
    "attachments": _("załączniki"),
    "consent": _("zgoda"),
}
"""The parts of a dossier, as they are called when it is told who sees them."""

BEFORE = {"address": _("miejscowość"), "opinion": _("wynik opinii")}
"""What is seen of a part before somebody takes the referral on."""

_PARTLY = {"opinion": "opinion_result"}
"""Of the first, the second is told in its place."""


@dataclass(frozen=True)
class Line:
    """A field with what stands in it, and where it is changed."""

    field: str
    label: str
    value: str


@dataclass(frozen=True)
class Seen:
    """What a receiver sees: after taking it on, never, and before; the basis on which it is told."""

    told: tuple[str, ...]
    kept_back: tuple[str, ...]
    before: tuple[str, ...]
    basis: str


def sections(editor: Editor, say: Say) -> list[tuple[str, list[Line]]]:
    """Everything that was told, group by group."""
    found = [(say(group.title), _lines(editor, group.fields, say)) for group in GROUPS]
    return [(title, lines) for title, lines in found if lines]


def said(editor: Editor, name: str, say: Say) -> str:
    """The value of a field in words."""
    field = FIELDS[name]
    worded = {code: say(text) for code, text in field.options.items()} | dict(editor.options.get(name, ()))
    if field.ask == "flag":
        worded = {"yes": say(_("tak")), "no": say(_("nie"))}
    if field.ask == "tick":
        worded = {"yes": say(_("tak"))}
    return ", ".join(worded.get(value, value) for value in editor.values.all(name))


def seen(dossier: Dossier, *, sender: Agency, receiver: Agency, kind: ReferralKind, language: Language) -> Seen:
    """By the sharing matrix, of what this dossier holds."""
    consent = dossier.consent is not None
    shared = cut(dossier, sender=sender.kind, receiver=receiver.kind, kind=kind, consent=consent)
    held = [name for name in DOSSIER if getattr(dossier, name) not in (None, ())]
    told = [name for name in held if getattr(shared, name) is not None or getattr(shared, _PARTLY.get(name, name))]
    return Seen(
        told=tuple(told),
        kept_back=tuple(name for name in held if name not in told),
        before=tuple(name for name in told if _PARTLY.get(name, name) in PREVIEW),
        basis=matrix().channels[receiver.kind, kind].basis[language],
    )


def _lines(editor: Editor, names: Sequence[str], say: Say) -> list[Line]:
    lines: list[Line] = []
    for name in names:
        if name in ROWS:
            lines += [
                Line(f"{name}.{number}.{ROWS[name][0].name}", say(LISTS[name]), _row(editor, name, number, say))
                for number in range(editor.values.rows(name))
            ]
        elif any(editor.values.all(name)):
            lines.append(Line(name, say(FIELDS[name].label), said(editor, name, say)))
    return lines


def _row(editor: Editor, part: str, number: int, say: Say) -> str:
    told = []
    for column in ROWS[part]:
        value = editor.values.one(f"{part}.{number}.{column.name}")
        if value:
            told.append(say(column.options[value]) if value in column.options else value)
    return ", ".join(told)
