"""What is said once an action on a referral is done. A decision needs no words here: it is said with its undoing."""

from collections.abc import Mapping

from contracts.api import Referral


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


WORDS: Mapping[str, str] = {
    "claim": _("Wzięto do rozpatrzenia."),
    "release": _("Oddano do skrzynki."),
    "ask": _("Wysłano pytanie do instytucji kierującej."),
    "answer": _("Wysłano odpowiedź."),
    "withdraw": _("Wysłano prośbę o wycofanie."),
    "undo": _("Cofnięto decyzję."),
    "put_on_list": _("Przyjęto na listę oczekujących."),
    "redirect": _("Wysłano propozycję do instytucji kierującej."),
    "send_back": _("Zwrócono skierowanie."),
    "waitlist": _("Przeniesiono na listę oczekujących."),
    "extend_wait": _("Przedłużono oczekiwanie."),
    "admit": _("Przyjęto z listy oczekujących."),
    "schedule": _("Umówiono spotkanie."),
    "reschedule": _("Przełożono spotkanie."),
    "no_show": _("Odnotowano, że osoba nie przyszła."),
    "record_attempt": _("Odnotowano próbę kontaktu."),
    "give_up": _("Zakończono: brak kontaktu z osobą."),
    "start": _("Rozpoczęto. Sprawę prowadzi nasza instytucja."),
    "begin": _("Rozpoczęto."),
    "note_progress": _("Odnotowano, że sprawa jest prowadzona."),
    "suspend": _("Zawieszono."),
    "prolong": _("Przedłużono zawieszenie."),
    "resume": _("Wznowiono."),
    "complete": _("Zakończono z wynikiem."),
    "late_decline": _("Odmówiono po przyjęciu."),
    "propose_return": _("Wysłano propozycję zwrotu do instytucji kierującej."),
    "confirm_cancel": _("Anulowano."),
    "refuse_cancel": _("Odmówiono anulowania."),
    "reopen": _("Wznowiono zakończone skierowanie."),
    "refuse_reopen": _("Odmówiono wznowienia."),
    "accept_redirect": _("Wysłano zgodę na inną instytucję."),
    "refuse_redirect": _("Wysłano odmowę skierowania do innej instytucji."),
    "request_cancel": _("Wysłano prośbę o anulowanie."),
    "accept_return": _("Wysłano zgodę na zwrot."),
    "refuse_return": _("Wysłano odmowę przyjęcia zwrotu."),
    "close_unanswered": _("Wysłano zakończenie z powodu braku odpowiedzi."),
    "ask_reopen": _("Wysłano prośbę o wznowienie."),
    "end_consent": _("Odnotowano wycofanie zgody."),
    "renew_consent": _("Odnotowano nową zgodę."),
    "void": _("Wysłano oznaczenie jako wpisane omyłkowo."),
}


def address(referral: Referral, action: str) -> str:
    """The page of the referral after the action: `at` is the version that came of it, so that a page which is opened
    again later does not say what is long over."""
    return f"/referrals/{referral.id}?done={action}&at={referral.version}"


def words(referral: Referral, done: str | None, at: int | None) -> str | None:
    """What to say; None when something has happened since, or for an address that somebody made up."""
    return WORDS.get(done or "") if at == referral.version else None
