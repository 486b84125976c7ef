"""What happened, in words, for timelines; as impersonal as the rest of the desk."""

from collections.abc import Mapping


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


WORDS: Mapping[str, str] = {
    "submitted": _("Wysłano skierowanie"),
    "delivered": _("Skierowanie wpłynęło"),
    "seen": _("Otwarto skierowanie po raz pierwszy"),
    "claimed": _("Wzięto do rozpatrzenia"),
    "released": _("Oddano do skrzynki"),
    "accepted": _("Zaakceptowano skierowanie"),
    "declined": _("Odmówiono przyjęcia"),
    "decision_undone": _("Cofnięto decyzję; rozpatrywanie trwa"),
    "info_requested": _("Zadano pytanie instytucji kierującej"),
    "info_answered": _("Odpowiedziano na pytanie"),
    "withdrawn": _("Wycofano skierowanie"),
    "redirect_proposed": _("Zaproponowano inną instytucję"),
    "redirect_refused": _("Nie zgodzono się na inną instytucję; rozpatrywanie trwa"),
    "redirected": _("Skierowano do zaproponowanej instytucji"),
    "waitlisted": _("Wpisano na listę oczekujących"),
    "place_found": _("Przyjęto z listy oczekujących"),
    "scheduled": _("Umówiono spotkanie"),
    "no_show": _("Osoba nie przyszła na spotkanie"),
    "contact_attempted": _("Próbowano skontaktować się z osobą"),
    "unreachable": _("Zakończono: nie udało się skontaktować z osobą"),
    "started": _("Rozpoczęto realizację"),
    "progress_noted": _("Odnotowano, że sprawa jest prowadzona"),
    "suspended": _("Zawieszono"),
    "resumed": _("Wznowiono"),
    "cancel_requested": _("Poproszono o anulowanie"),
    "cancel_refused": _("Odmówiono anulowania"),
    "cancelled": _("Anulowano skierowanie"),
    "return_proposed": _("Zaproponowano zwrot"),
    "return_refused": _("Nie przyjęto zwrotu"),
    "returned": _("Zwrócono skierowanie"),
    "completed": _("Zakończono z wynikiem"),
    "no_response": _("Zakończono z powodu braku odpowiedzi"),
    "reopen_asked": _("Poproszono o wznowienie"),
    "reopened": _("Wznowiono po zakończeniu"),
    "reopen_refused": _("Odmówiono wznowienia"),
    "voided": _("Oznaczono jako wpisane omyłkowo"),
    "consent_ended": _("Odnotowano wycofanie zgody"),
    "consent_renewed": _("Odnotowano nową zgodę"),
    "request_refused": _("Prośba instytucji kierującej przyszła za późno"),
    "application_registered": _("Zarejestrowano wniosek"),
    "interview_planned": _("Wyznaczono termin wywiadu"),
    "interview_held": _("Przeprowadzono wywiad"),
    "opinion_given": _("Wydano opinię"),
    "application_returned": _("Zwrócono wniosek do uzupełnienia"),
    "application_completed": _("Uzupełniono wniosek"),
    "application_referred": _("Na podstawie wniosku wydano skierowanie"),
    "application_refused": _("Odmówiono wydania skierowania"),
    "application_withdrawn": _("Wycofano wniosek"),
}
"""By the type of an entry in a path's timeline."""

DEADLINES: Mapping[str, str] = {
    "receipt": _("Potwierdzenie dostarczenia"),
    "claim": _("Wzięcie do rozpatrzenia"),
    "decision": _("Decyzja o przyjęciu"),
    "answer": _("Odpowiedź na pytanie"),
    "silence": _("Brak odpowiedzi: decyzja, czy czekać"),
    "redirect_answer": _("Odpowiedź na propozycję innej instytucji"),
    "return_answer": _("Odpowiedź na propozycję zwrotu"),
    "cancel_answer": _("Odpowiedź na prośbę o anulowanie"),
    "reopen_answer": _("Odpowiedź na prośbę o wznowienie"),
    "schedule": _("Umówienie pierwszego spotkania"),
    "wait_review": _("Ponowne sprawdzenie miejsca"),
    "appointment": _("Odnotowanie, czy osoba przyszła"),
    "contact_again": _("Ponowny kontakt z osobą"),
    "progress": _("Wpis o prowadzeniu sprawy"),
    "suspension_end": _("Koniec zawieszenia: decyzja, co dalej"),
    "pick_up": _("Podjęcie sprawy po wznowieniu"),
    "carry_on": _("Dalsze prowadzenie sprawy"),
    "consent_answer": _("Decyzja po wycofaniu zgody"),
    "interview": _("Wywiad środowiskowy"),
    "opinion": _("Opinia"),
    "issue": _("Wydanie skierowania"),
    "completion": _("Uzupełnienie wniosku"),
}
"""By the rule of a deadline."""

STATES: Mapping[str, str] = {
    "open": _("trwa"),
    "met": _("dotrzymano"),
    "paused": _("wstrzymany"),
    "missed": _("po terminie"),
    "met_late": _("wykonano po terminie"),
    "dropped": _("nieaktualny"),
}
"""What became of a deadline."""
