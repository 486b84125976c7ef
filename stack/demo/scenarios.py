"""What the demo counties have been doing: referrals and an application, each led to where something waits for somebody.

The number of a scenario is its key and the source of its person: new ones go to the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.codes import Urgency


@dataclass(frozen=True)
class Step:
    """One action of the receiver or, as a request, of the sender.

    `role`: of the person who signs in to do it; without one the institution does, by its own token.
    """

    by: Literal["sender", "receiver"]
    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    role: str | None = None


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
class Paper:
    """An application that came to an OPS on paper, for a CIS, with the interview planned by a person of this role."""

    agency: str
    receiver: str
    role: str


def _receiver(action: str, *, role: str | None = None, **fields: str) -> Step:
    return Step("receiver", action, fields, role)


def _sender(action: str, **fields: str) -> Step:
    return Step("sender", action, fields)


def _ask(*, role: str | None = None) -> Step:
    return _receiver("ask", role=role, question="Czy osoba może zacząć od poniedziałku?")


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
)

PAPERS = (Paper("ops-poraj", "cis-poraj", "OPS_SOCIAL_WORKER"),)
