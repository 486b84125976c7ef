"""A small run that went well, to be broken in one place by each test of the judge."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chaos.final import Fact, Final, Letter, Taken, View
from chaos.history import Entry

BEGUN = datetime(2026, 6, 1, 8, tzinfo=UTC)
REFERRAL = "referral-1"
STEPS = (("delivered", "delivered"), ("claimed", "in_review"), ("accepted", "accepted"))


def at(second: float) -> datetime:
    return BEGUN + timedelta(seconds=second)


def submitted(call: int = 1, *, key: str = "key-1", referral: str = REFERRAL) -> list[Entry]:
    begun = Entry(at(0), call, "ops-poraj", "invoke", "submit", key=key)
    known = {"phase": "ok", "referral": referral, "code": 201, "status": "submitted", "version": 1}
    return [begun, replace(begun, at=at(1), **known)]


def shown(version: int, status: str, *, second: float = 20.0) -> Entry:
    return Entry(at(second), 9, "ops-poraj", "ok", "show", None, REFERRAL, 200, status, version)


HISTORY = [*submitted(), shown(4, "accepted")]

FACTS = [
    Fact(f"fact-{version}", REFERRAL, version, name, status, at(version))
    for version, (name, status) in enumerate(STEPS, start=2)
]

SENT = View("ops-poraj", REFERRAL, "statutory_cis", "cis-poraj", "accepted", 4, "ops-poraj", pending=False)
RECEIVED = replace(SENT, agency="cis-poraj")

LETTERS = [
    Letter("submission", "ops", "intake", "cis", "referral_submitted", 1, is_sent=True),
    *(
        Letter(fact.id, "cis", "referral", target, fact.name, fact.version - 1, is_sent=True)
        for fact in FACTS
        for target in ("ops", "path")
    ),
]

TAKEN = [
    Taken("submission", "cis", "referral", "ops", "intake", REFERRAL, 1, 1, "applied"),
    *(
        Taken(fact.id, node, service, "cis", "referral", REFERRAL, fact.version, fact.version - 1, "applied")
        for fact in FACTS
        for node, service in (("ops", "intake"), ("path", "path"))
    ),
]

FINAL = Final([SENT], [RECEIVED], LETTERS, TAKEN, FACTS, frozenset())
