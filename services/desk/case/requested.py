"""What the sender's side has asked the receiver's node to do, in words: on its way, and in vain."""

from collections.abc import Mapping
from dataclasses import dataclass


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


@dataclass(frozen=True)
class Words:
    """Both are msgids. `pending` has a place for the day, `refused` for the reason."""

    pending: str
    refused: str


REQUESTS: Mapping[str, Words] = {
    "withdraw": Words(_("Od %(day)s czeka prośba o wycofanie."), _("Nie można było wycofać: %(why)s.")),
    "answer": Words(_("Od %(day)s odpowiedź jest w drodze."), _("Odpowiedź nie została przyjęta: %(why)s.")),
    "accept_redirect": Words(
        _("Od %(day)s zgoda na inną instytucję jest w drodze."),
        _("Zgoda na inną instytucję nie została przyjęta: %(why)s."),
    ),
    "refuse_redirect": Words(
        _("Od %(day)s odmowa skierowania do innej instytucji jest w drodze."),
        _("Odmowa skierowania do innej instytucji nie została przyjęta: %(why)s."),
    ),
    "request_cancel": Words(
        _("Od %(day)s prośba o anulowanie jest w drodze."),
        _("Prośba o anulowanie nie została przyjęta: %(why)s."),
    ),
    "accept_return": Words(
        _("Od %(day)s zgoda na zwrot jest w drodze."),
        _("Zgoda na zwrot nie została przyjęta: %(why)s."),
    ),
    "refuse_return": Words(
        _("Od %(day)s odmowa przyjęcia zwrotu jest w drodze."),
        _("Odmowa przyjęcia zwrotu nie została przyjęta: %(why)s."),
    ),
    "close_unanswered": Words(
        _("Od %(day)s zakończenie z powodu braku odpowiedzi jest w drodze."),
        _("Nie można było zakończyć z powodu braku odpowiedzi: %(why)s."),
    ),
    "ask_reopen": Words(
        _("Od %(day)s prośba o wznowienie jest w drodze."),
        _("Prośba o wznowienie nie została przyjęta: %(why)s."),
    ),
    "void": Words(
        _("Od %(day)s oznaczenie jako wpisane omyłkowo jest w drodze."),
        _("Nie można było oznaczyć jako wpisane omyłkowo: %(why)s."),
    ),
    "end_consent": Words(
        _("Od %(day)s wiadomość o wycofaniu zgody jest w drodze."),
        _("Nie można było odnotować wycofania zgody: %(why)s."),
    ),
    "renew_consent": Words(
        _("Od %(day)s wiadomość o nowej zgodzie jest w drodze."),
        _("Nie można było odnotować nowej zgody: %(why)s."),
    ),
}
"""By action: everything that the sender may ask for once the referral has left."""
