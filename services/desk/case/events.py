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
