"""What the law asks of a referral and an application may leave open: shown where it is known, asked for where not.

Of what a page shows, only what was changed is told again, so that nothing is written over by a page that was opened
earlier.
"""

from typing import Any

from contracts.codes import Language
from contracts.dossier import Dossier
from services.desk.forms import Typed
from services.desk.intake.reading import NONE, Reading, as_typed

GROUPS = ("grounds", "clause", "labour", "address", "phone", "expectations", "consent")
"""The groups of fields in the order in which they are asked for; each is one question to a person."""

_NEEDED = ("grounds", "clause", "labour", "address")
"""Without these no referral to a CIS goes out."""

_TALKING = ("record_interview", "complete")
"""Steps at which the person, or somebody for them, has told more."""

Values = dict[str, Any]
"""What the fields show, by the interface's names: a text, or the codes of boxes."""

SEVERAL = ("grounds", "labour.benefits")
"""Of these a person ticks as many as there are."""

_PLAIN = ("other_ground", "expectations")
_ADDRESS = ("street", "postal_code", "town", "gmina")


def values_of(known: Dossier | None) -> Values:
    """The fields as they stand before anybody types."""
    told = known or Dossier()
    labour, address, consent = told.labour, told.address, told.consent
    values: Values = {name: getattr(told, name) or "" for name in _PLAIN}
    values["grounds"] = list(told.grounds or ())
    values["general_clause"] = {True: "yes", False: "no", None: ""}[told.general_clause]
    values["labour.status"] = (labour and labour.status) or ""
    months = labour.registered_months if labour else None
    values["labour.registered_months"] = "" if months is None else str(months)
    values["labour.benefits"] = [] if labour is None or labour.benefits is None else list(labour.benefits) or [NONE]
    values["client.phone"] = told.phone or ""
    for part in _ADDRESS:
        values[f"client.address.{part}"] = (address and getattr(address, part)) or ""
    values["consent.given_on"] = as_typed(consent.given_on) if consent else ""
    values["consent.version"] = consent.version if consent else ""
    return values


def unknown_groups(known: Dossier) -> tuple[str, ...]:
    """The groups of which nothing is known."""
    there = {
        "grounds": known.grounds,
        "clause": known.general_clause is not None,
        "labour": known.labour and known.labour.benefits is not None,
        "address": known.address,
        "phone": known.phone,
        "expectations": known.expectations,
        "consent": known.consent,
    }
    return tuple(group for group in GROUPS if not there[group])


def asked(action: str, known: Dossier) -> tuple[str, ...]:
    """What a step asks for openly: at the interview whatever is unknown but a consent, later what the law needs."""
    wanted = GROUPS[:-1] if action in _TALKING else _NEEDED
    return tuple(group for group in unknown_groups(known) if group in wanted)


def typed_values(typed: Typed, at: str) -> Values:
    """The fields as they were typed, to be shown again."""
    return {name: typed.all(at + name) if name in SEVERAL else typed.text(at + name) or "" for name in values_of(None)}


def told_of(typed: Typed, known: Dossier | None, language: Language, at: str) -> Reading:
    """What these fields add to what is known; `body` has only what differs from it."""
    reading = Reading(typed, language, at)
    reading.several("grounds")
    reading.several("labour.benefits")
    reading.yes_no("general_clause")
    reading.whole("labour.registered_months")
    reading.day("consent.given_on")
    reading.text(*_PLAIN, "labour.status", "client.phone", "consent.version")
    reading.text(*(f"client.address.{part}" for part in _ADDRESS))
    if known is not None:
        _only_new(reading.body, known)
    return reading


def _only_new(body: dict[str, Any], known: Dossier) -> None:
    """Leave out what is known already; a part of which something is new is told whole, as the interface takes it."""
    before = known.model_dump(mode="json", exclude_none=True)
    person = {"phone": before.get("phone"), "address": before.get("address")}
    for part, there in (("labour", before.get("labour")), ("consent", before.get("consent"))):
        _whole(body, part, there)
    told = body.pop("client", {})
    _whole(told, "address", person["address"])
    if told.get("phone") == person["phone"]:
        told.pop("phone", None)
    if told:
        body["client"] = {"given_name": known.given_name, "family_name": known.family_name, **told}
    for name in ("grounds", "general_clause", *_PLAIN):
        if name in body and body[name] == before.get(name):
            del body[name]


def _whole(body: dict[str, Any], part: str, there: dict[str, Any] | None) -> None:
    if part not in body:
        return
    told = {**(there or {}), **body[part]}
    if told == there:
        del body[part]
    else:
        body[part] = told
