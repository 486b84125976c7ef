"""What the demo counties have been doing: referrals and an application, each led to where something waits for somebody.

The number of a scenario is its key and the source of its person: new ones go to the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from contracts.codes import Status, Urgency


@dataclass(frozen=True)
class Step:
    """One action of the receiver or, as a request, of the sender.

    `days`: fields that are days, so many after the referral was sent, moved on to a working day; `_at` is ten o'clock
    of that day, or with no days in a moment. `role`: of the person who signs in to do it; without one the institution
    does, by its own token. `passes_in`: the state in which it becomes possible after a moment.
    """

    by: Literal["sender", "receiver"]
    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    role: str | None = None
    passes_in: Status | None = None


@dataclass(frozen=True)
class Scenario:
    """One referral and what becomes of it. `lives_with`: the institution in whose town its person lives, when that is
    not the sender's."""

    sender: str
    receiver: str
    steps: tuple[Step, ...] = ()
    urgency: Urgency = "normal"
    lives_with: str | None = None


@dataclass(frozen=True)
class PlaceQuestion:
    """A question about places, and how many some of those who were asked have free."""

    agency: str
    receivers: tuple[str, ...]
    places: int
    free: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """An application that came to an OPS on paper, for a CIS, with the interview planned by a person of this role."""

    agency: str
    receiver: str
    role: str


def _receiver(
    action: str, *, role: str | None = None, days: Mapping[str, int] = MappingProxyType({}), **fields: str
) -> Step:
    return Step("receiver", action, fields, days, role)


def _sender(action: str, **fields: str) -> Step:
    return Step("sender", action, fields)


def _ask(*, role: str | None = None) -> Step:
    return _receiver("ask", role=role, days={"due_on": 14}, question="Czy osoba może zacząć od poniedziałku?")


_CLAIM = _receiver("claim")
_ACCEPT = _receiver("accept")
_START = _receiver("start", days={"signed_on": 0})
_MEET_NOW = _receiver("schedule", days={"meet_at": 0}, place="sekretariat, pokój 2")
_NO_SHOW = Step("receiver", "no_show", passes_in="scheduled")


SCENARIOS = (
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim"), _ask(), _sender("answer", text="Tak, od poniedziałku."))),
    Scenario("ops-poraj", "cis-myszkow"),
    Scenario("ops-myszkow", "cis-myszkow", (_receiver("claim"), _receiver("decline", reason="no_place"))),
    Scenario("ops-kozieglowy", "cis-kozieglowy", (_receiver("accept"),)),
    Scenario("pup-myszkow", "cis-myszkow", (_receiver("claim"),)),
    Scenario("cis-poraj", "owes-jowes", (_receiver("claim"), _receiver("accept"))),
    Scenario("cis-myszkow", "pup-myszkow"),
    Scenario("ops-tychy", "cis-tychy", (_receiver("accept"),)),
    Scenario("ops-tychy", "cis-tychy", (_sender("withdraw", reason="person_declined"),)),
    Scenario("pup-tychy", "cis-tychy"),
    Scenario("cis-tychy", "pup-tychy", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-zdunska-wola", "kis-zdunska-wola", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-zdunska-wola", "kis-zdunska-wola"),
    Scenario("kis-zdunska-wola", "pup-zdunska-wola", (_receiver("claim"),)),
    Scenario("ops-strzelce", "pup-strzelce", (_receiver("accept"),)),
    Scenario("pup-myszkow", "cis-poraj", lives_with="ops-poraj"),  # the OPS is told by a notice
    Scenario("ops-poraj", "cis-poraj", urgency="urgent"),
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim", role="CIS_SOCIAL_WORKER"),)),
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim", role="CIS_SOCIAL_WORKER"), _ask(role="CIS_SOCIAL_WORKER"))),
    Scenario("cis-poraj", "pup-myszkow", (_receiver("claim", role="PUP_ADVISER"),), urgency="urgent"),
    Scenario("cis-poraj", "owes-jowes"),
    Scenario(
        "ops-poraj",
        "cis-poraj",
        (_receiver("put_on_list", days={"review_on": 30}, edition="opiekunczy_wiosna_2027"),),
    ),
    Scenario(
        "ops-poraj", "cis-poraj", (_ACCEPT, _receiver("schedule", days={"meet_at": 7}, place="sekretariat, pokój 2"))
    ),
    Scenario("ops-myszkow", "cis-myszkow", (_ACCEPT, _START)),
    Scenario("ops-tychy", "cis-tychy", (_ACCEPT, _START, _receiver("suspend", days={"until": 30}, reason="away"))),
    Scenario(
        "ops-zdunska-wola",
        "kis-zdunska-wola",
        (_ACCEPT, _START, _receiver("complete", outcome="open_market", evidence="document")),
    ),
    Scenario(
        "ops-kozieglowy",
        "cis-kozieglowy",
        (_receiver("send_back", reason="wrong_institution", suggestion="cis-myszkow"),),
    ),
    Scenario(
        "cis-tychy", "pup-tychy", (_CLAIM, _receiver("redirect", reason="no_suitable_offer", suggestion="pup-myszkow"))
    ),
    Scenario(
        "ops-strzelce",
        "pup-strzelce",
        (
            _ACCEPT,
            _receiver("begin"),
            _receiver("propose_return", reason="needs_changed", text="Osoba podjęła leczenie; zajęcia wrócą po nim."),
        ),
    ),
    Scenario("ops-poraj", "cis-poraj", (_ACCEPT, _MEET_NOW, _NO_SHOW, _receiver("record_attempt", channel="phone"))),
)

PLACE_QUESTIONS = (PlaceQuestion("ops-poraj", ("cis-poraj", "cis-myszkow", "cis-tychy"), 3, {"cis-myszkow": 2}),)

PAPERS = (Paper("ops-poraj", "cis-poraj", "OPS_SOCIAL_WORKER"),)
