"""Coded values of a form in words, for every page that asks for one or shows one. What rules word already stands there.

Each is a msgid, to be said in the person's language where it is shown: `_(GROUNDS[code])`.
"""

from collections.abc import Mapping
from datetime import date

from contracts.codes import Language
from rules.eligibility import eligibility

Words = Mapping[str, str]


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


GROUNDS: Words = {
    "HOMELESS": _("w kryzysie bezdomności"),
    "ALCOHOL_ADDICTION": _("uzależnienie od alkoholu"),
    "DRUG_ADDICTION": _("uzależnienie od narkotyków lub innych środków odurzających"),
    "MENTAL_DISORDER": _("zaburzenia psychiczne"),
    "LONG_TERM_UNEMPLOYED": _("długotrwałe bezrobocie"),
    "EX_PRISONER": _("po opuszczeniu zakładu karnego, z trudnościami w integracji"),
    "REFUGEE": _("uchodźca z indywidualnym programem integracji"),
    "DISABLED": _("osoba z niepełnosprawnością"),
    "OTHER": _("inna podstawa (opisz ją)"),
}
"""Art. 1 ust. 2 of the Act on social employment, in today's words."""

URGENCY: Words = {"normal": _("zwykłe"), "urgent": _("pilne")}
ROUTES: Words = {
    "A": _("na wniosek osoby lub jej przedstawiciela"),
    "B": _("na wniosek instytucji, za zgodą osoby"),
    "C": _("bezpośrednio przez PUP, osoba długotrwale bezrobotna"),
}
OPINIONS: Words = {
    "positive": _("pozytywna"),
    "with_conditions": _("pozytywna pod warunkami"),
    "negative": _("negatywna"),
}
SEX: Words = {"female": _("kobieta"), "male": _("mężczyzna")}
YES_NO: Words = {"yes": _("tak"), "no": _("nie")}
ADDRESS_BASIS: Words = {"residence": _("miejsce zamieszkania"), "stay": _("miejsce pobytu")}
DOCUMENTS: Words = {
    "identity_card": _("dowód osobisty"),
    "passport": _("paszport"),
    "residence_card": _("karta pobytu"),
    "temporary_protection": _("zaświadczenie o ochronie czasowej"),
    "other": _("inny dokument"),
}
REPRESENTATIVES: Words = {"statutory": _("przedstawiciel ustawowy"), "attorney": _("pełnomocnik")}
CONTACTS: Words = {
    "phone": _("telefon"),
    "sms": _("SMS"),
    "email": _("poczta elektroniczna"),
    "post": _("list"),
    "in_person": _("osobiście"),
    "representative": _("przez przedstawiciela"),
}
LANGUAGES: Words = {
    "pl": _("polski"),
    "en": _("angielski"),
    "uk": _("ukraiński"),
    "be": _("białoruski"),
    "ru": _("rosyjski"),
    "other": _("inny język"),
}
LABOUR: Words = {
    "registered_unemployed": _("zarejestrowana jako bezrobotna"),
    "job_seeker": _("zarejestrowana jako poszukująca pracy"),
    "inactive": _("bierna zawodowo"),
    "employed": _("pracuje"),
}
DISABILITY: Words = {
    "none": _("bez orzeczenia"),
    "light": _("lekki"),
    "moderate": _("umiarkowany"),
    "severe": _("znaczny"),
}
EDUCATION: Words = {
    "0": _("bez wykształcenia podstawowego"),
    "1": _("podstawowe"),
    "2": _("gimnazjalne"),
    "3": _("zasadnicze zawodowe, branżowe lub średnie"),
    "4": _("policealne"),
    "5": _("krótkie studia (kolegium)"),
    "6": _("licencjat lub inżynier"),
    "7": _("magister"),
    "8": _("doktorat"),
}
"""Levels of ISCED 2011."""

RELATIONS: Words = {
    "spouse": _("małżonek"),
    "partner": _("partner"),
    "child": _("dziecko"),
    "parent": _("rodzic"),
    "sibling": _("rodzeństwo"),
    "other": _("inna osoba"),
}
ACCESSIBILITY: Words = {
    "large_print": _("duży druk"),
    "easy_to_read": _("tekst łatwy do czytania"),
    "sign_language": _("tłumacz języka migowego"),
    "interpreter": _("tłumacz języka obcego"),
    "assistant": _("asystent"),
    "step_free": _("dojście bez schodów"),
    "diet": _("dieta"),
    "care_for_dependant": _("opieka nad osobą zależną"),
    "remote_support": _("wsparcie zdalne"),
}
CONSENT_BY: Words = {"person": _("osoba"), "representative": _("przedstawiciel")}

WHY: Words = {
    "same_pesel": _("ten sam PESEL"),
    "same_name": _("takie imię i nazwisko"),
    "same_name_and_birth_date": _("to samo nazwisko i data urodzenia"),
    "similar_name": _("podobne nazwisko"),
    "swapped_names": _("imię i nazwisko zamienione"),
    "changed_surname": _("zmienione nazwisko"),
    "swapped_birth_date": _("dzień i miesiąc urodzenia zamienione"),
    "similar_birth_date": _("podobna data urodzenia"),
}
"""Why somebody was found who may be the person looked for."""

AGENCIES: Words = {
    "cis": _("Centra integracji społecznej (CIS)"),
    "kis": _("Kluby integracji społecznej (KIS)"),
    "pup": _("Urzędy pracy (PUP)"),
    "owes": _("Wsparcie ekonomii społecznej (OWES)"),
    "ops": _("Ośrodki pomocy społecznej (OPS, CUS)"),
}
"""Kinds of institution as headings of a list."""


def benefits(language: Language, today: date) -> dict[str, str]:
    """The benefits of art. 1 ust. 3 that shut somebody out today, as the rules word them."""
    return {row.code: row.wording[language] for row in eligibility().benefits if row.in_force(today)}
