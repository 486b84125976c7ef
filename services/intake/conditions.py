"""What the conditions of the law find in a referral. Pure.

Which of them apply to which kind of referral, since when, and in what words, is data in `rules/eligibility.toml`; a
check here looks at every referral alike.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date

from contracts.api import NewReferral
from contracts.codes import Language, ReferralKind
from contracts.directory import Agency, Directory
from contracts.dossier import Opinion
from contracts.form import Person
from rules.applications import applicant_of
from rules.eligibility import condition, excluding
from services.intake.residence import gmina_of, residence_ops

Words = dict[str, dict[Language, str]]


@dataclass(frozen=True)
class Found:
    """Something a condition may object to: its code, the field to correct, what its wording is about."""

    code: str
    field: str
    words: Words = default(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A referral and everybody it is about. `person`: as read from the form; None while nobody is named."""

    new: NewReferral
    person: Person | None
    sender: Agency
    receiver: Agency
    kind: ReferralKind
    directory: Directory
    today: date


def _group(case: Case) -> Iterator[Found]:
    """Art. 1 ust. 2: a group and the general clause."""
    new = case.new
    if not new.grounds:
        yield Found("ground_required", "grounds")
    if "OTHER" in new.grounds and new.other_ground is None:
        yield Found("other_ground_required", "other_ground")
    if new.general_clause is None:
        yield Found("general_clause_required", "general_clause")
    elif not new.general_clause:
        yield Found("general_clause_not_met", "general_clause")


def _benefits(case: Case) -> Iterator[Found]:
    """Art. 1 ust. 3 and 3a."""
    held = case.new.labour.benefits if case.new.labour is not None else None
    if held is None:
        yield Found("benefits_required", "labour.benefits")
    elif rows := excluding(held, case.kind, case.today):
        languages: tuple[Language, ...] = ("pl", "en")
        named = {language: ", ".join(row.wording[language] for row in rows) for language in languages}
        yield Found("benefit_excludes", "labour.benefits", {"benefits": named})


def _route(case: Case) -> Iterator[Found]:
    """Art. 12 ust. 1: who refers on whose application."""
    route, by_pup = case.new.route, case.sender.kind == "pup"
    if route is None:
        yield Found("route_required", "route")
    elif route == "C" and (not by_pup or "LONG_TERM_UNEMPLOYED" not in case.new.grounds):
        yield Found("route_c_only_pup", "route")
    elif route != "C" and by_pup:
        yield Found("pup_only_route_c", "route")
    elif route == "C":
        yield from _register(case)


def _register(case: Case) -> Iterator[Found]:
    """Art. 1 ust. 2 pkt 5: how long is long-term."""
    months = case.new.labour.registered_months if case.new.labour is not None else None
    row = condition("registered_too_short", case.kind, case.today)
    if months is not None and row is not None and months <= row.value:
        yield Found("registered_too_short", "labour.registered_months")


def _consent(case: Case) -> Iterator[Found]:
    """Art. 12 ust. 1 for an institution's application; for an OWES, because no act names that transfer."""
    consent = case.new.consent
    if consent is None:
        if case.new.route == "B" or case.kind == "application" or case.receiver.kind == "owes":
            yield Found("consent_required", "consent")
    elif consent.given_by == "representative" and (case.person is None or case.person.representative is None):
        yield Found("consent_representative_required", "client.representative")


def _applicant(case: Case) -> Iterator[Found]:
    """Art. 12 ust. 1: who may apply by an account of its own."""
    if case.kind == "application" and applicant_of(case.sender) is None:
        yield Found("applicant_not_entitled", "kind")


def _opinion(case: Case) -> Iterator[Found]:
    """Art. 12 ust. 2. Whether a direct referral by a PUP needs an opinion is open, so the OPS of residence says."""
    opinion = case.new.opinion
    if opinion is not None:
        if opinion.result == "negative":
            yield Found("opinion_negative", "opinion.result")
        yield from form_of(opinion, case.today)
    elif case.new.route != "C":
        yield Found("opinion_required", "opinion")
    else:
        office = residence_ops(case.directory, case.sender, case.person)
        if isinstance(office, Agency) and office.route_c_opinion == "required":
            yield Found("opinion_required_by_ops", "opinion")


def form_of(opinion: Opinion, today: date) -> Iterator[Found]:
    """What an opinion must tell with its result, and that it follows the interview."""
    if opinion.result == "with_conditions" and opinion.conditions is None:
        yield Found("opinion_conditions_required", "opinion.conditions")
    if opinion.result != "positive" and opinion.reasons is None:
        yield Found("opinion_reasons_required", "opinion.reasons")
    if opinion.issued_on < opinion.interview_on <= today:  # a later day is wrong by itself
        yield Found("interview_after_opinion", "opinion.interview_on")


def _centre(case: Case) -> Iterator[Found]:
    """Art. 5; a status that the directory does not tell is not in doubt."""
    status = case.receiver.status
    if status is not None and not status.in_force(case.today):
        yield Found("centre_without_status", "receiver")


def _territory(case: Case) -> Iterator[Found]:
    """Art. 12 ust. 5; a centre whose gminas the directory does not tell is not limited."""
    if case.new.paid_place or not case.receiver.gminas:
        return
    gmina = gmina_of(case.directory, case.sender, case.person)
    if gmina is None:
        yield Found("gmina_required", "client.address.gmina")
    elif not case.receiver.serves(gmina, case.today):
        yield Found("outside_territory", "client.address.gmina")


CHECKS: tuple[Callable[[Case], Iterator[Found]], ...] = (
    _group,
    _benefits,
    _route,
    _consent,
    _applicant,
    _opinion,
    _centre,
    _territory,
)
