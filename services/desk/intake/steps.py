"""What may be done with an application now, what may not and who could, and what was typed for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.api import AvailableAction
from contracts.applications import Application
from contracts.codes import Language
from rules.applications import check_role
from rules.applications_table import table
from rules.errors import RoleNotAllowed
from rules.roles import roles as all_roles
from services.desk.forms import Typed
from services.desk.intake.facts import told_of
from services.desk.intake.reading import Reading

FORM = "form."
"""Where an action takes what has become known of the person."""

ENDING = ("refuse", "withdraw", "return_for_completion")
"""Steps that lead off the way; they stand apart from the next one."""

OPINION = (
    "result",
    "conditions",
    "reasons",
    "findings",
    "barriers",
    "resources",
    "motivation",
    "social_scope",
    "vocational_scope",
)
"""The texts of an opinion, its result first (domain description, 8.2)."""


@dataclass(frozen=True)
class Barred:
    """Steps that come next, and why this person cannot take them."""

    labels: tuple[str, ...]
    why: str


def action_named(application: Application, action: str) -> AvailableAction | None:
    """What the person may do now by this name."""
    return next((each for each in application.available_actions if each.action == action), None)


def onward(application: Application) -> list[AvailableAction]:
    """The steps that lead on, the next one first: once an interview is planned, that is to hold it."""
    found = [each for each in application.available_actions if each.action not in ENDING]
    return sorted(
        found, key=lambda each: each.action == "schedule_interview" and application.interview.planned_on is not None
    )


def barred(application: Application, role: str, language: Language) -> tuple[Barred, ...]:
    """The steps of this state that are not for this person, or not with this opinion; each reason once."""
    offered = {each.action for each in application.available_actions}
    found: dict[str, list[str]] = {}
    for row in table().transitions.values():
        if application.status not in row.sources or row.action in offered:
            continue
        if application.opinion is not None and application.opinion.result not in row.opinions:
            found.setdefault(table().errors.opinion_negative[language], []).append(row.wording[language])
            continue
        try:
            check_role(row.action, (role,))
        except RoleNotAllowed as refusal:
            found.setdefault(refusal.wording[language], []).append(row.wording[language])
    return tuple(Barred(tuple(labels), why) for why, labels in found.items())


def next_role(application: Application, language: Language) -> str:
    """Who takes the next step of this state, in words."""
    for row in table().transitions.values():
        if application.status in row.sources and row.action not in ENDING:
            return all_roles()[row.roles[0]].wording[language]
    return ""


def body_of(action: AvailableAction, typed: Typed, application: Application, language: Language) -> Reading:
    """What was typed for this action, field by field as it asks for them."""
    reading = Reading(typed, language)
    for field in action.fields:
        if field.name == "form":
            told = told_of(typed, application.client, language, FORM)
            reading.errors |= told.errors
            reading.body |= {"form": told.body} if told.body else {}
        else:
            _READ.get(field.name, Reading.text)(reading, field.name)
    return reading


def _opinion(reading: Reading, name: str) -> None:
    reading.day(f"{name}.interview_on", f"{name}.issued_on")
    reading.text(*(f"{name}.{part}" for part in OPINION))
    reading.yes_no(f"{name}.social_contract")


_READ: Mapping[str, Callable[[Reading, str], None]] = {
    "on": Reading.day,
    "held_on": Reading.day,
    "opinion": _opinion,
    "paid_place": Reading.yes_no,
    "unit": Reading.of_receiver,
    "preferred_workshop": Reading.of_receiver,
}
"""How a field is read; any other is a text."""
