"""The page of a draft: what it shows of the form, from what the interface says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.api import Referral
from contracts.codes import Language, ReferralKind
from contracts.directory import Agency, Directory
from contracts.receivers import Receiver
from rules.applications import applicant_of
from rules.kinds import kind_between, kinds
from services.desk.api import worded
from services.desk.case.choices import edition_called
from services.desk.language import texts
from services.desk.new.field import _
from services.desk.new.merging import told_base
from services.desk.new.objections import Objections, objections
from services.desk.new.people import born
from services.desk.new.picking import Pick, pick
from services.desk.new.shape import About, Shape, shape
from services.desk.new.values import NONE, Values
from services.desk.wordings import ROUTES, benefits
from services.kit.collation import in_order
from services.kit.pesel import Pesel

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Editor:
    """Everything the page of a draft needs."""

    draft: Referral
    values: Values
    about: About
    shape: Shape
    objections: Objections
    born: Pesel | None
    receiver: Agency | None
    options: Mapping[str, Options]
    """Of fields whose options are no fixed list, in the person's language."""

    @property
    def client_id(self) -> str:
        return self.values.one("client_id")

    @property
    def version(self) -> str:
        return version_of(self.draft)

    @property
    def base(self) -> str:
        """What the page carries along, so that a save can tell who changed what."""
        return told_base(self.draft.form or {})

    def pick(self, receivers: Sequence[Receiver], sender: Agency) -> Pick:
        """The receivers to choose from."""
        wanted: ReferralKind | None = "application" if self.values.one("kind") == "application" else None
        return pick(receivers, sender=sender, chosen=self.values.one("receiver"), kind=wanted)


def version_of(draft: Referral) -> str:
    """What stands for this save of a draft in `If-Match`."""
    return f"0.{draft.revision or 0}"


def editor(
    draft: Referral,
    values: Values,
    *,
    sender: Agency,
    directory: Directory,
    language: Language,
    today: date,
    training: bool,
) -> Editor:
    """The page for these values; `draft` as the interface keeps it."""
    receiver = directory.find(values.one("receiver"))
    read = born(values, training=training)
    about = about_form(sender, receiver, values, read)
    return Editor(
        draft=draft,
        values=values,
        about=about,
        shape=shape(about, values),
        objections=objections(worded(draft.missing, language), values),
        born=read,
        receiver=receiver,
        options=_options(sender, receiver, directory, language, today),
    )


def about_form(sender: Agency, receiver: Agency | None, values: Values, read: Pesel | None) -> About:
    """What the order of the fields depends on. Until the receiver is chosen: what this sender mostly sends."""
    usual: ReferralKind = "statutory_cis" if sender.kind in ("ops", "pup") else "service"
    kind = usual if receiver is None else kind_between(sender.kind, receiver.kind)
    if values.one("kind") == "application" and kind == "service":
        kind = "application"
    return About(
        sender=sender.kind,
        receiver=None if receiver is None else receiver.kind,
        kind=kind,
        known=bool(values.one("client_id")),
        born=read is not None,
        gmina_known=sender.kind == "ops" and len(sender.gminas) == 1,
        applies=sender.kind != "ops" and applicant_of(sender) is not None,
    )


def begun(sender: Agency) -> dict[str, Any]:
    """What a new form of this sender begins with: the PUP has one route and one group (art. 12 ust. 1)."""
    return {"route": "C", "grounds": ["LONG_TERM_UNEMPLOYED"]} if sender.kind == "pup" else {}


def _options(
    sender: Agency, receiver: Agency | None, directory: Directory, language: Language, today: date
) -> dict[str, Options]:
    say = texts(language).gettext
    return {
        "labour.benefits": [*benefits(language, today).items(), (NONE, say(_("do żadnego z nich")))],
        "route": [(code, say(ROUTES[code])) for code in ROUTES if (code == "C") == (sender.kind == "pup")],
        "kind": [(code, kinds().by_code[code].wording[language]) for code in _KINDS],
        "client.address.gmina": _gminas(sender, directory),
        "preferred_workshop": [] if receiver is None else [(each.code, each.name) for each in receiver.workshops],
        "edition": _editions(receiver, language, today),
        "unit": [] if receiver is None else [(each.code, each.name) for each in receiver.units],
    }


def _editions(receiver: Agency | None, language: Language, today: date) -> list[tuple[str, str]]:
    """Those that have not begun yet, in their order."""
    every = [each for workshop in receiver.workshops for each in workshop.editions] if receiver else []
    coming = sorted((each for each in every if each.starts_on >= today), key=lambda each: each.starts_on)
    return [(each.code, edition_called(receiver, each.code, language) or each.code) for each in coming]


_KINDS: tuple[ReferralKind, ...] = ("service", "application")
"""Between which a sender that may apply chooses."""


def _gminas(sender: Agency, directory: Directory) -> list[tuple[str, str]]:
    """Those of the sender first, then all others of the directory."""
    own = {gmina.teryt: gmina.name for gmina in sender.gminas}
    every = {gmina.teryt: gmina.name for agency in directory.agencies for gmina in agency.gminas}
    rest = {code: name for code, name in every.items() if code not in own}
    return [pair for part in (own, rest) for pair in sorted(part.items(), key=lambda each: in_order(each[1]))]
