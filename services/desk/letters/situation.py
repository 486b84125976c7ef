"""Why somebody is referred, and what the work with them must take into account."""

from datetime import date

from contracts.directory import Agency
from contracts.dossier import Attached, Dossier, Opinion, OpinionResult
from contracts.form import GroundDocument
from rules.calendar import day_text
from rules.eligibility import eligibility
from rules.letters import letters
from services.desk.letters.facts import Facts, name_of
from services.desk.wordings import ACCESSIBILITY, CONSENT_BY, DISABILITY, EDUCATION, LABOUR, OPINIONS
from services.kit.paper.printable import lines
from services.kit.paper.sheet import Part, Section, Table, Text

_MEDIA = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


def grounds(known: Dossier) -> Section:
    """The group of art. 1 ust. 2, what shows it, and the reason in words."""
    facts = Facts()
    facts.coded("grounds", letters().grounds, *(known.grounds or ()))
    facts.typed("other_ground", known.other_ground)
    facts.yes_or_no(letters().words.excluded, known.general_clause)
    if known.person_at_risk:
        facts.text("Osoba zagrożona wykluczeniem społecznym", "tak")
    facts.typed("reason", known.reason)
    documents = known.ground_documents or ()
    return Section("Podstawa i powód", (*facts.parts, *((_documents(documents),) if documents else ())))


def _documents(found: tuple[GroundDocument, ...]) -> Part:
    rows = (
        (
            document.type,
            letters().grounds[document.ground],
            document.number or "–",
            _day(document.issued_on),
            _day(document.valid_to),
        )
        for document in found
    )
    return Table(("Dokument", "Potwierdza", "Numer", "Wydano", "Ważny do"), tuple(rows), (6, 6, 5, 3, 3))


def _day(day: date | None) -> str:
    return day_text(day)["pl"] if day is not None else "–"


def labour(known: Dossier) -> Section:
    """Standing on the labour market, and the benefits that would shut the person out."""
    facts = Facts()
    if known.labour is not None:
        facts.coded("labour.status", LABOUR, known.labour.status)
        facts.day(name_of("labour.registered_on"), known.labour.registered_on)
        months = known.labour.registered_months
        facts.text("Miesiące w rejestrze PUP w ostatnich 2 latach", None if months is None else str(months))
        benefits = known.labour.benefits
        if benefits is not None:
            named = {row.code: row.wording["pl"] for row in eligibility().benefits}
            facts.text("Prawo do świadczeń z art. 1 ust. 3", *([named[each] for each in benefits] or ["nie ma"]))
    return Section("Sytuacja na rynku pracy", facts.parts)


def needs(known: Dossier, receiver: Agency) -> Section:
    """Health, background, situation and wishes, as far as the receiver may know them."""
    facts = Facts()
    if known.health is not None:
        facts.coded("health.disability_degree", DISABILITY, known.health.disability_degree)
        facts.text(name_of("health.disability_symbols"), ", ".join(known.health.disability_symbols))
        facts.yes_or_no(name_of("health.in_therapy"), known.health.in_therapy)
        facts.yes_or_no(name_of("health.contraindications"), known.health.contraindications)
    if known.background is not None:
        facts.coded("background.education", EDUCATION, known.background.education)
        facts.typed("background.occupation", known.background.occupation)
        facts.typed("background.skills", known.background.skills)
        facts.text(name_of("background.driving_licences"), ", ".join(known.background.driving_licences))
        facts.typed("background.work_history", known.background.work_history)
        facts.day(name_of("background.last_job_ended_on"), known.background.last_job_ended_on)
    if known.situation is not None:
        for name, value in known.situation:
            facts.typed(f"situation.{name}", value)
    facts.typed("expectations", known.expectations)
    workshop = receiver.workshop(known.preferred_workshop) if known.preferred_workshop else None
    facts.typed("preferred_workshop", workshop.name if workshop else None)
    facts.typed("availability", known.availability)
    facts.coded("accessibility", ACCESSIBILITY, *(known.accessibility or ()))
    facts.typed("accessibility_needs", known.accessibility_needs)
    return Section("Informacje potrzebne w pracy z osobą", facts.parts)


def opinion_in_short(opinion: Opinion | None, result: OpinionResult | None) -> Section:
    """What the opinion says in the end, as far as the receiver may know; the opinion is a letter of its own."""
    facts = Facts()
    facts.coded("opinion.result", OPINIONS, opinion.result if opinion is not None else result)
    if opinion is not None:
        facts.day(name_of("opinion.issued_on"), opinion.issued_on)
        facts.day(name_of("opinion.interview_on"), opinion.interview_on)
        facts.typed("opinion.conditions", opinion.conditions)
    return Section("Opinia pracownika socjalnego", facts.parts)


def consent(known: Dossier) -> Section:
    """The recorded consent."""
    facts = Facts()
    if known.consent is not None:
        facts.day(name_of("consent.given_on"), known.consent.given_on)
        facts.coded("consent.given_by", CONSENT_BY, known.consent.given_by)
        facts.typed("consent.scope", known.consent.scope)
        facts.typed("consent.version", known.consent.version)
    return Section("Zgoda", facts.parts)


def attached(files: tuple[Attached, ...] | None) -> Section:
    """The files, numbered; a letter says so when it has none."""
    if not files:
        return Section("Załączniki", (Text((letters().words.no_attachments,)),))
    rows = tuple(
        (str(number), " ".join(lines(file.name)), _MEDIA.get(file.media_type, file.media_type), _size(file.size))
        for number, file in enumerate(files, start=1)
    )
    return Section("Załączniki", (Table(("Lp.", "Nazwa pliku", "Rodzaj", "Wielkość"), rows, (1, 8, 2, 2)),))


def _size(size: int) -> str:
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{size / 1024**2:.1f} MB".replace(".", ",")
