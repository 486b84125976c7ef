"""What happens to each thing that goes on for a client when all of it is taken back, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from contracts.codes import ApplicationStatus, Language, Status
from contracts.directory import Directory
from contracts.withdrawals import ClientWithdrawal, Remains, WithdrawalAct, WithdrawalItem
from rules import applications, lifecycle
from rules.kinds import kinds
from services.desk.case.timeline import name_of
from services.desk.language import texts


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


ACTS: Mapping[WithdrawalAct, str] = {
    "withdraw": _("zostanie wycofane"),
    "request_cancel": _("pójdzie prośba o anulowanie; rozstrzygnie instytucja przyjmująca"),
    "discard": _("szkic zostanie usunięty"),
}

REMAINS: Mapping[Remains, str] = {
    "request_pending": _("zostaje: wcześniejsza prośba czeka jeszcze na odpowiedź"),
    "asked_already": _("zostaje: prośbę o anulowanie już wysłano"),
    "answer_first": _("zostaje: najpierw trzeba odpowiedzieć na propozycję zwrotu"),
    "may_be_reopened": _("zakończone: czeka na odpowiedź na prośbę o wznowienie, trzeba o tym powiadomić instytucję"),
    "not_your_role": _("zostaje: może to zrobić inna rola"),
    "receiver_gone": _("zostaje: instytucji przyjmującej nie ma już w spisie"),
}


@dataclass(frozen=True)
class Line:
    """`what` and `state` in the person's language, `comes`: what happens, a msgid; `stays`: nothing does."""

    link: str
    number: str
    what: str
    where: str
    state: str
    comes: str
    stays: bool


def lines(preview: ClientWithdrawal, directory: Directory, language: Language) -> list[Line]:
    """Each thing that goes on, in the order of the preview."""
    return [_line(item, directory, language) for item in preview.items]


def _line(item: WithdrawalItem, directory: Directory, language: Language) -> Line:
    kind = "application" if item.what == "application" else item.kind
    return Line(
        link={"referral": "/referrals", "application": "/applications", "draft": "/drafts"}[item.what] + f"/{item.id}",
        number=item.number,
        what=kinds().by_code[kind].wording[language] if kind else texts(language).gettext(_("Skierowanie")),
        where=name_of(directory, item.receiver),
        state=_state(item, language),
        comes=ACTS[item.action] if item.action else REMAINS[item.remains] if item.remains else "",
        stays=item.action is None,
    )


def _state(item: WithdrawalItem, language: Language) -> str:
    if item.what == "application":
        return applications.wording_of_status(cast(ApplicationStatus, item.status))[language]
    return lifecycle.wording_of_status(cast(Status, item.status))[language]
