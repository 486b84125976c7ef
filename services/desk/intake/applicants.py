"""Who applies, chosen from one list: the person, an institution of the directory, or one that is not in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.applications import Applicant
from contracts.codes import Language
from contracts.directory import Agency, Directory
from rules.applications import applicant_in, institution
from rules.applications_table import table
from services.kit.collation import in_order

PERSON = "person"
_IN_DIRECTORY, _NOT_IN = "party:", "kind:"


@dataclass(frozen=True)
class Group:
    """Choices under one heading; without a heading they stand for themselves."""

    heading: str
    choices: tuple[tuple[str, str], ...]


def choices(directory: Directory, own: Agency, language: Language) -> tuple[Group, ...]:
    """Everybody who may apply (art. 12 ust. 1), the person first."""
    kinds = table().applicants.values()
    alone = [kind for kind in kinds if kind.code in (PERSON, "representative")]
    named: dict[str, list[tuple[str, str]]] = {}
    for slug, name in _institutions(directory, own):
        kind = applicant_in(directory, slug)
        if kind is not None:
            named.setdefault(kind.code, []).append((_IN_DIRECTORY + slug, name))
    groups = [Group("", tuple((_NOT_IN + kind.code, kind.wording[language]) for kind in alone))]
    for kind in kinds:
        if kind not in alone:
            there = sorted(named.get(kind.code, ()), key=lambda choice: in_order(choice[1]))
            groups.append(Group(kind.wording[language], (*there, (_NOT_IN + kind.code, ""))))
    return tuple(groups)


def _institutions(directory: Directory, own: Agency) -> Iterator[tuple[str, str]]:
    yield from ((agency.slug, agency.name) for agency in directory.agencies if agency.slug != own.slug)
    yield from ((party.slug, party.name) for party in directory.parties)


def applicant_of(choice: str | None, directory: Directory) -> dict[str, Any]:
    """The choice as the interface takes it; a choice that is none of the list is left for it to refuse."""
    told = choice or _NOT_IN + PERSON
    if told.startswith(_IN_DIRECTORY):
        slug = told.removeprefix(_IN_DIRECTORY)
        kind = applicant_in(directory, slug)
        return {"kind": kind.code if kind else PERSON, "party": slug}
    return {"kind": told.removeprefix(_NOT_IN)}


def said(applicant: Applicant, directory: Directory, language: Language) -> str:
    """Who applied, in words."""
    kind = table().applicants[applicant.kind].wording[language]
    there = institution(directory, applicant.party) if applicant.party else None
    name = applicant.name or (there.name if there else None)
    return f"{name} ({kind})" if name else kind
