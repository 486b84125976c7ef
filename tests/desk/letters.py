"""A referral and an application of an invented person, with everything that a form can hold."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from contracts.api import DeadlineItem, Path, Referral, Times
from contracts.applications import Applicant, Application, Interview
from contracts.dossier import Attached, Dossier, Opinion
from contracts.form import (
    Address,
    Background,
    Consent,
    GroundDocument,
    Health,
    LabourMarket,
    Representative,
    Situation,
)

NUMBER = "S26-7K3M-Q9XA"
PESEL = "79640312345"
SENT = datetime(2026, 6, 2, 10, 12, tzinfo=UTC)
DELIVERED = datetime(2026, 6, 2, 10, 13, tzinfo=UTC)
DUE = datetime(2026, 6, 9, 21, 59, 59, tzinfo=UTC)

OPINION = Opinion(
    result="with_conditions",
    issued_on=date(2026, 5, 27),
    interview_on=date(2026, 5, 25),
    conditions="Dalsza terapia.",
    reasons="Leczenie trwa i przebiega dobrze.",
    findings="Mieszka w lokalu socjalnym.",
    barriers="Długa przerwa w pracy.",
    resources="Doświadczenie w gastronomii.",
    motivation="Wysoka.",
    social_scope="Trening kompetencji.",
    vocational_scope="Warsztat gastronomiczny.",
    social_contract=True,
)

PERSON = Dossier(
    given_name="Żaneta",
    family_name="Ćwiczenna",
    previous_family_name="Próbna",
    birth_date=date(1979, 4, 3),
    sex="female",
    pesel=PESEL,
    phone="+48 000 123 456",
    email="zaneta@example.org",
    address=Address(street="Szkoleniowa 1", postal_code="42-360", town="Poraj", gmina="2409042"),
    citizenship="PL",
    preferred_contact="sms",
    representative=Representative(given_name="Halina", family_name="Wzorcowa", role="attorney"),
    grounds=("LONG_TERM_UNEMPLOYED", "ALCOHOL_ADDICTION"),
    ground_documents=(GroundDocument(ground="ALCOHOL_ADDICTION", type="zaświadczenie o leczeniu", number="Z.1"),),
    general_clause=True,
    reason="Chce wrócić do pracy.",
    opinion=OPINION,
    case_mark="OPS.5121.8.2026",
    labour=LabourMarket(status="registered_unemployed", registered_on=date(2024, 9, 2), benefits=()),
    health=Health(disability_degree="light", disability_symbols=("05-R",), in_therapy=True),
    background=Background(education=3, occupation="pomoc kuchenna"),
    situation=Situation(housing="lokal socjalny", debts="zajęcie komornicze"),
    expectations="Praca blisko domu.",
    accessibility=("large_print",),
    attachments=(Attached(id=uuid4(), name="orzeczenie.pdf", media_type="application/pdf", size=1_300_000),),
    consent=Consent(given_on=date(2026, 5, 18), version="2026-1"),
)


def referral(**changes: Any) -> Referral:
    told: dict[str, Any] = {
        "id": uuid4(),
        "path_id": uuid4(),
        "number": NUMBER,
        "sender": "ops-poraj",
        "receiver": "cis-poraj",
        "kind": "statutory_cis",
        "urgency": "normal",
        "status": "delivered",
        "version": 2,
        "custodian": "ops-poraj",
        "available_actions": (),
        "times": Times(submitted=SENT, delivered=DELIVERED),
        "client": PERSON,
    }
    return Referral(**told | changes)


def application(**changes: Any) -> Application:
    told: dict[str, Any] = {
        "id": uuid4(),
        "path_id": uuid4(),
        "number": NUMBER,
        "agency": "ops-poraj",
        "client_id": uuid4(),
        "applicant": Applicant(kind="person"),
        "route": "A",
        "channel": "paper",
        "on_paper": True,
        "received_on": date(2026, 5, 18),
        "urgency": "normal",
        "receiver": "cis-poraj",
        "status": "opinion_given",
        "version": 4,
        "available_actions": (),
        "registered_at": SENT,
        "interview": Interview(held_on=date(2026, 5, 25), place="w miejscu zamieszkania"),
        "opinion": OPINION,
        "client": PERSON,
    }
    return Application(**told | changes)


def path(of: Referral, *deadlines: tuple[str, str]) -> Path:
    """Where the client of a referral stands: its deadlines by rule and status."""
    items = tuple(
        DeadlineItem(
            id=uuid4(),
            rule=rule,
            referral_id=of.id,
            owner="cis-poraj",
            due_at=DUE,
            status=status,  # type: ignore[arg-type]
            basis="poziom usług",
            derivation="",
        )
        for rule, status in deadlines
    )
    return Path(
        id=of.path_id,
        stage="referred",
        custodian=of.sender,
        ball=of.receiver,
        next_deadline=None,
        deadlines=items,
        timeline=(),
        version=1,
        as_of=DELIVERED,
    )
