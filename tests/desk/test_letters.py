"""Letters tell what their readers may know, in the words of the law, and nothing of it twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args
from uuid import uuid4

import pytest

from contracts.api import Times
from contracts.codes import Ground
from contracts.directory import Directory
from contracts.dossier import OpinionResult
from contracts.form import AccessibilityNeed, Benefit
from contracts.receipts import HandoverReceipt
from rules.letters import letters
from services.desk.letters.opinion import opinion_of_referral, opinion_on_application
from services.desk.letters.receipt import receipt_letter
from services.desk.letters.referral import referral_letter
from services.kit.paper.sheet import Passage, Rows, Section, Sheet, Table, Text
from stack.institutions import ensure_directory
from tests.desk.letters import DELIVERED, NUMBER, OPINION, PERSON, PESEL, SENT, application, path, referral

CHOICES = (
    (None, "accessibility", [(need,) for need in get_args(AccessibilityNeed)]),
    (None, "preferred_contact", ["phone", "sms", "email", "post", "in_person", "representative"]),
    (None, "language", ["pl", "en", "uk", "be", "ru", "other"]),
    ("labour", "status", ["registered_unemployed", "job_seeker", "inactive", "employed"]),
    ("labour", "benefits", [(benefit,) for benefit in get_args(Benefit)]),
    ("health", "disability_degree", ["none", "light", "moderate", "severe"]),
    ("background", "education", list(range(9))),
    ("opinion", "result", list(get_args(OpinionResult))),
    ("representative", "role", ["statutory", "attorney"]),
    ("address", "basis", ["residence", "stay"]),
    ("consent", "given_by", ["person", "representative"]),
)
"""What a form offers to choose from: part, field, codes."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return ensure_directory(tmp_path_factory.mktemp("data"))


def words(sheet: Sheet | None) -> list[str]:
    """Everything that stands on the letter, line by line; a fact is one line with its name."""
    assert sheet is not None
    head = (*sheet.sender, *(f"{name}: {mark}" for name, mark in sheet.marks), *sheet.addressee, sheet.title)
    sections = (*sheet.sections, *((sheet.closing,) if sheet.closing else ()))
    body = (line for section in sections for line in _lines(section))
    signatures = (role for role, _ in sheet.signatures)
    return [*head, *body, *sheet.notes, *signatures]


def _lines(section: Section) -> Iterator[str]:
    if section.heading is not None:
        yield section.heading
    for part in section.parts:
        match part:
            case Text(paragraphs):
                yield from paragraphs
            case Rows(rows):
                yield from (f"{name}: {'; '.join(values)}" for name, values in rows)
            case Passage(name, paragraphs):
                yield f"{name}: {'; '.join(paragraphs)}"
            case Table(_, rows):
                yield from (" | ".join(row) for row in rows)


def text(sheet: Sheet | None) -> str:
    return "\n".join(words(sheet))


def test_a_referral_to_a_cis_has_parties_marks_basis_and_a_place_to_sign(directory: Directory) -> None:
    found = words(referral_letter(directory, referral()))
    for line in (
        "Gminny Ośrodek Pomocy Społecznej w Poraju",
        "Centrum Integracji Społecznej w Poraju",
        "Skierowanie do centrum integracji społecznej",
        "Znak sprawy: OPS.5121.8.2026",
        f"Numer w systemie Ścieżka: {NUMBER}",
        "Imię i nazwisko: Żaneta Ćwiczenna",
        f"PESEL: {PESEL}",
        "Miejsce zamieszkania: Szkoleniowa 1; 42-360 Poraj; gmina: Poraj (TERYT 2409042)",
        "Obywatelstwo: Polska",
        "Wynik opinii: pozytywna pod warunkami",
        "Prawo do świadczeń z art. 1 ust. 3: nie ma",
        "1 | orzeczenie.pdf | PDF | 1,2 MB",
        "kierownik OPS lub dyrektor CUS albo osoba upoważniona",
    ):
        assert line in found
    assert "art. 12 ust. 1 i 2 ustawy z dnia 13 czerwca 2003 r." in "\n".join(found)
    assert "nie jest doręczeniem" in "\n".join(found)


def test_a_letter_is_dated_on_the_polish_day_it_was_sent(directory: Directory) -> None:
    late = referral(times=Times(submitted=SENT.replace(hour=22, minute=30)))
    sheet = referral_letter(directory, late)
    assert sheet is not None
    assert str(sheet.day) == "2026-06-03"


def test_a_letter_to_a_labour_office_tells_what_the_system_tells_it(directory: Directory) -> None:
    told = text(referral_letter(directory, referral(kind="service", receiver="pup-myszkow")))
    assert "długotrwałe bezrobocie" in told
    for secret in ("alkohol", "leczeniu", "05-R", "lokal socjalny", "Leczenie trwa", "Dalsza terapia", PESEL):
        assert secret not in told


def test_a_letter_to_an_owes_rests_on_consent(directory: Directory) -> None:
    agreed = text(referral_letter(directory, referral(kind="service", sender="cis-poraj", receiver="owes-jowes")))
    without = referral(
        kind="service", sender="cis-poraj", receiver="owes-jowes", client=PERSON.model_copy(update={"consent": None})
    )
    silent = text(referral_letter(directory, without))
    assert "Żaneta" in agreed
    for secret in ("Żaneta", "Ćwiczenna", "000 123 456", "Szkoleniowa", PESEL):
        assert secret not in silent


def test_a_club_learns_the_result_of_the_opinion_only(directory: Directory) -> None:
    sent = referral(kind="kis", sender="ops-zdunska-wola", receiver="kis-zdunska-wola")
    told = text(referral_letter(directory, sent))
    assert "Wynik opinii: pozytywna pod warunkami" in told
    assert "art. 18 ust. 4" in told
    assert "Dalsza terapia" not in told


def test_an_urgent_referral_says_so_at_its_top(directory: Directory) -> None:
    assert "Tryb: pilny" in words(referral_letter(directory, referral(urgency="urgent")))
    assert "Tryb" not in text(referral_letter(directory, referral()))


def test_a_letter_without_files_says_that_there_are_none(directory: Directory) -> None:
    bare = referral(client=PERSON.model_copy(update={"attachments": None}))
    assert "Brak." in words(referral_letter(directory, bare))


def test_every_code_of_a_form_has_words_on_paper(directory: Directory) -> None:
    for code in get_args(Ground):
        told = text(referral_letter(directory, referral(client=PERSON.model_copy(update={"grounds": (code,)}))))
        assert letters().grounds[code] in told
    for part, name, codes in CHOICES:
        for code in codes:
            known = PERSON if part is None else getattr(PERSON, part)
            changed = known.model_copy(update={name: code})
            person = changed if part is None else PERSON.model_copy(update={part: changed})
            assert referral_letter(directory, referral(client=person)) is not None


def test_a_long_reason_has_the_whole_width(directory: Directory) -> None:
    long = referral(client=PERSON.model_copy(update={"reason": "Zdanie o sytuacji osoby. " * 20}))
    sheet = referral_letter(directory, long)
    assert sheet is not None
    passages = [part.name for section in sheet.sections for part in section.parts if isinstance(part, Passage)]
    assert passages == ["Powód skierowania"]


def test_a_draft_has_no_letters(directory: Directory) -> None:
    draft = referral(status="draft", times=Times(), receiver=None, kind=None)
    handover = HandoverReceipt(referral_id=draft.id, event_id=uuid4())
    assert referral_letter(directory, draft) is None
    assert opinion_of_referral(directory, draft) is None
    assert receipt_letter(directory, draft, handover, None, SENT) is None


def test_an_opinion_has_everything_that_was_found_and_two_to_sign(directory: Directory) -> None:
    found = words(opinion_on_application(directory, application()))
    for line in (
        f"PESEL: {PESEL}",
        "Miejsce wywiadu: w miejscu zamieszkania",
        "Ustalenia z wywiadu: Mieszka w lokalu socjalnym.",
        "Reintegracja zawodowa: Warsztat gastronomiczny.",
        "Kontrakt socjalny: tak",
        "Wynik opinii: pozytywna pod warunkami",
        "Warunki opinii: Dalsza terapia.",
        "pracownik socjalny OPS",
        "kierownik OPS lub dyrektor CUS albo osoba upoważniona",
    ):
        assert line in found
    assert "art. 12 ust. 2" in "\n".join(found)


def test_an_opinion_is_dated_on_its_day_and_goes_to_nobody_by_itself(directory: Directory) -> None:
    sheet = opinion_of_referral(directory, referral())
    assert sheet is not None
    assert (sheet.day, sheet.addressee) == (OPINION.issued_on, ())


def test_there_is_no_opinion_before_it_is_given_nor_one_of_another_institution(directory: Directory) -> None:
    assert opinion_on_application(directory, application(opinion=None)) is None
    assert opinion_of_referral(directory, referral(client=PERSON.model_copy(update={"opinion": None}))) is None
    assert opinion_of_referral(directory, referral(sender="pup-myszkow", receiver="cis-myszkow")) is None


def test_a_receipt_tells_states_by_their_facts_and_what_comes_next(directory: Directory) -> None:
    sent = referral()
    handover = HandoverReceipt(referral_id=sent.id, event_id=uuid4(), number=17, received_at=DELIVERED)
    due = path(sent, ("claim", "open"), ("decision", "missed"), ("receipt", "met"))
    found = words(receipt_letter(directory, sent, handover, due, DELIVERED))
    for line in (
        "Imię i nazwisko: Żaneta Ćwiczenna",
        "Odbiorca: Centrum Integracji Społecznej w Poraju",
        "Nadano: 2 czerwca 2026 r., godz. 12:12",
        "Dostarczono: 2 czerwca 2026 r., godz. 12:13",
        "Podpisane potwierdzenie odbioru: 2 czerwca 2026 r., godz. 12:13, pozycja 17",
    ):
        assert line in found
    owner, day = "Centrum Integracji Społecznej w Poraju", "9 czerwca 2026 r., godz. 23:59"
    assert f"Podjęcie skierowania | {owner} | {day} | poziom usług" in found
    assert f"Rozstrzygnięcie: przyjęcie albo odmowa | {owner} | {day} | poziom usług" in found
    assert not [line for line in found if line.startswith(("Otwarto", "Rozstrzygnięto", "Dostarczenie"))]
    assert PESEL not in "\n".join(found)


def test_a_receipt_says_what_is_not_known_yet(directory: Directory) -> None:
    sent = referral(status="submitted", times=Times(submitted=SENT))
    handover = HandoverReceipt(referral_id=sent.id, event_id=uuid4())
    found = text(receipt_letter(directory, sent, handover, None, SENT + timedelta(seconds=1)))
    assert "Terminy nie są jeszcze znane nadawcy." in found
    assert "Dostarczono" not in found
    assert "Podpisane" not in found
    decided = text(receipt_letter(directory, sent, handover, path(sent, ("claim", "dropped")), SENT))
    assert "nie biegnie żaden termin" in decided
