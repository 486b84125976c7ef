"""Where an application may lead: the centres and clubs that may take the person, and why the others may not."""

from dataclasses import dataclass
from typing import Any

from contracts.applications import Application
from contracts.codes import Language
from contracts.form import Form
from contracts.receivers import Receiver, Receivers
from services.desk.api import Calls
from services.desk.language import texts

_KINDS = ("statutory_cis", "kis")
"""The kinds of referral that an application may lead to."""

_OF_FORM = frozenset(Form.model_fields) - {"client", "client_id", "attachments"}


@dataclass(frozen=True)
class Choices:
    """`paid`: those that only a place paid for by the person's gmina opens (art. 12 ust. 5)."""

    eligible: tuple[Receiver, ...]
    paid: tuple[Receiver, ...]
    others: tuple[Receiver, ...]

    @property
    def open(self) -> tuple[Receiver, ...]:
        """All that can be chosen."""
        return (*self.eligible, *self.paid)

    def said(self, language: Language) -> list[tuple[str, str, str]]:
        """What can be chosen: short name, name, and what speaks for or against it."""
        _ = texts(language).gettext
        found = []
        for each in self.open:
            places = [
                _("%(name)s (miejsca: %(places)s)") % {"name": workshop.name, "places": workshop.places}
                for workshop in each.workshops
            ]
            needed = [objection.message for objection in (*each.against, *each.missing)]
            found.append((each.slug, each.name, " ".join([*needed, "; ".join(places)])))
        return found

    @property
    def units(self) -> list[tuple[str, str]]:
        """Units of all that may be chosen, `cis-poraj:rekrutacja`."""
        return [(f"{each.slug}:{unit.code}", f"{each.name}: {unit.name}") for each in self.open for unit in each.units]

    @property
    def workshops(self) -> list[tuple[str, str]]:
        return [
            (f"{each.slug}:{workshop.code}", f"{each.name}: {workshop.name}")
            for each in self.open
            for workshop in each.workshops
        ]


async def choices_of(calls: Calls, application: Application) -> Choices:
    """The institutions as receivers of the referral that this application would become now."""
    found = await calls.post("/referrals/receivers", Receivers, form_of(application))
    fitting = [each for each in found.items if set(each.sends) & set(_KINDS)]
    eligible = tuple(each for each in fitting if each.eligible)
    paid = tuple(each for each in fitting if not each.eligible and _only_outside(each))
    others = tuple(each for each in fitting if each not in eligible and each not in paid)
    return Choices(eligible, paid, others)


def _only_outside(receiver: Receiver) -> bool:
    return {objection.code for objection in receiver.against} == {"outside_territory"}


def form_of(application: Application) -> dict[str, Any]:
    """What the application tells, as a form of a referral."""
    told = application.client.model_dump(mode="json", exclude_none=True, include=set(_OF_FORM))
    opinion = application.opinion
    return {
        **told,
        "client_id": str(application.client_id),
        "route": application.route,
        **({"opinion": opinion.model_dump(mode="json", exclude_none=True)} if opinion else {}),
    }
