"""What is offered is what is allowed: random walks of all roles through the lifecycle."""

import random
from collections import Counter
from typing import Any

from services.edge.example_actions import BARE
from services.edge.example_forms import OPINION
from tests.nodes import Network, Office, eventually
from tests.services.living import COMPLETE, HAND_BACK, MEET, MEETING, PAUSE, START, TODAY, WAIT
from tests.services.steps import SOON, actions, club, delivered, done, refused

SEEDS = range(3)
STEPS, AFTER = 9, 2
"""How many moves a walk makes before it may end, and how many after that."""

ASKED_AT_ONCE = 6
"""Of the actions that are not offered, how many are tried at each step."""

BODIES: dict[str, dict[str, Any]] = {
    **{action: {} for action in (*BARE, "deliver", "lapse", "vanish")},
    **dict([WAIT, MEET, START, PAUSE, HAND_BACK, COMPLETE]),
    "decline": {"reason": "no_place"},
    "send_back": {"reason": "wrong_institution"},
    "redirect": {"reason": "wrong_institution", "suggestion": "ops-tychy"},
    "refuse_redirect": {"reason": "person_declined"},
    "ask": {"question": "Kiedy?", "due_on": SOON},
    "answer": {"text": "Jutro."},
    "withdraw": {"reason": "sent_by_mistake"},
    "waitlist": {"review_on": SOON},
    "extend_wait": {"review_on": SOON},
    "reschedule": {"meet_at": MEETING},
    "record_attempt": {"channel": "phone"},
    "prolong": {"until": SOON},
    "late_decline": {"reason": "offer_ended"},
    "request_cancel": {"reason": "person_moved"},
    "refuse_cancel": {"reason": "person_goes_on"},
    "refuse_return": {"reason": "summary_incomplete"},
    "ask_reopen": {"reason": "person_returned"},
    "refuse_reopen": {"reason": "new_case"},
    "void": {"reason": "wrong_person"},
    "renew_consent": {"signed_on": TODAY},
    "give_opinion": {"opinion": OPINION},
}
"""A good body for every action that there is, those of the system and one that is none included."""

ENDS = {
    *("decline", "send_back", "withdraw", "accept_redirect", "complete", "confirm_cancel", "late_decline"),
    *("accept_return", "void"),
}
PAIRS = (
    ("ops-zdunska-wola", ("OPS_SOCIAL_WORKER", "OPS_HEAD"), "kis-zdunska-wola", ("KIS_COORDINATOR", "KIS_HEAD")),
    ("ops-poraj", ("OPS_SOCIAL_WORKER", "OPS_HEAD"), "cis-poraj", ("CIS_SOCIAL_WORKER", "CIS_HEAD")),
    ("pup-myszkow", ("PUP_ADVISER", "PUP_HEAD"), "owes-jowes", ("OWES_KEY_ADVISER", "OWES_HEAD")),
)
NOT_SENT = ("draft", "opinion_pending")
REACHED = 15
"""So many different actions the walks do at least, else they would prove little."""


async def _settled(sender: Office, receiver: Office, referral: str) -> None:
    """Return when both sides know the same version and no request is on its way."""

    async def agreed() -> bool:
        theirs, mine = await receiver.get(referral), await sender.get(referral)
        if mine is None or mine["status"] in NOT_SENT:
            return mine is not None
        return theirs is not None and theirs["version"] == mine["version"] and mine["pending_request"] is None

    await eventually(agreed)


async def _what_is_not_offered_is_refused(who: Office, referral: str, chance: random.Random) -> None:
    before = await who.get(referral)
    allowed = set() if before is None else actions(before)
    for action in chance.sample(sorted(BODIES.keys() - allowed), ASKED_AT_ONCE):
        answer = await who.act(referral, action, **BODIES[action])
        expected = {404} if before is None else {403, 409}
        assert answer.status_code in expected, action
        assert answer.json()["title"]
    assert await who.get(referral) == before


async def _offers(people: list[Office], referral: str) -> list[tuple[Office, str]]:
    """What who may do now."""
    seen = [(person, await person.get(referral)) for person in people]
    return [(person, action) for person, shown in seen if shown for action in sorted(actions(shown))]


async def _walk(network: Network, seed: int, walked: Counter[str]) -> None:
    """One referral from its draft to its end, in moves of whoever may; those that were done least go first."""
    chance = random.Random(seed)
    sender, senders, receiver, receivers = PAIRS[seed]
    people = [
        await network.person(slug, role) for slug, roles in ((sender, senders), (receiver, receivers)) for role in roles
    ]
    referral = (await people[0].send(receiver, draft=True))["id"]
    for move in range(STEPS + AFTER):
        await _settled(network.office(sender), network.office(receiver), referral)
        await _what_is_not_offered_is_refused(chance.choice(people), referral, chance)
        offers = await _offers(people, referral)
        if not offers:
            return
        ending = [offer for offer in offers if offer[1] in ENDS]
        going_on = [offer for offer in offers if offer[1] not in ENDS]
        choice = ending if ending and move >= STEPS else going_on or offers
        rarest = min(walked[action] for _, action in choice)
        who, action = chance.choice([offer for offer in choice if walked[offer[1]] == rarest])
        own = who.slug == receiver or action in ("submit", "ask_opinion", "give_opinion")
        done(await who.act(referral, action, **BODIES[action]), 200 if own else 202)
        walked[action] += 1


async def test_each_action_offered_succeeds_and_each_other_is_refused(network: Network) -> None:
    walked: Counter[str] = Counter()
    for seed in SEEDS:
        await _walk(network, seed, walked)
    assert len(walked) >= REACHED, sorted(walked)


async def test_while_another_person_reviews_only_the_head_may_step_in(network: Network) -> None:
    zdunska, coordinator, head = await club(network)
    mine, theirs = await delivered(zdunska, "kis-zdunska-wola"), await delivered(zdunska, "kis-zdunska-wola")
    done(await coordinator.act(mine, "claim"))
    done(await head.act(theirs, "claim"))
    answer = await coordinator.act(theirs, "accept")
    assert refused(answer) == (409, "claimed_by_another")
    assert answer.json()["title"] == "Sprawę prowadzi teraz inna osoba."
    assert actions(done(await coordinator.http.get(f"/referrals/{theirs}"))) == set()
    assert done(await head.act(mine, "accept"))["status"] == "accepted"


async def test_only_the_head_of_a_centre_decides_about_a_statutory_referral(network: Network) -> None:
    worker = await network.person("cis-poraj", "CIS_SOCIAL_WORKER")
    head = await network.person("cis-poraj", "CIS_HEAD")
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    assert actions(done(await worker.http.get(f"/referrals/{referral}"))) == {"claim"}
    for action, body in (("accept", {}), ("decline", {"reason": "no_place"})):
        answer = await worker.act(referral, action, **body)
        assert refused(answer) == (403, "role_not_allowed")
        assert answer.json()["title"] == "Tę czynność może wykonać: kierownik CIS."
    done(await worker.act(referral, "claim"))
    assert done(await head.act(referral, "accept"))["status"] == "accepted"


async def test_who_may_not_issue_a_statutory_referral_may_not_take_it_back(network: Network) -> None:
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    shown = done(await worker.http.get(f"/referrals/{referral}"))
    assert actions(shown) == set()
    assert refused(await worker.act(referral, "withdraw", reason="sent_by_mistake")) == (403, "role_not_allowed")


async def test_an_action_that_is_the_other_sides_or_nobodys_is_illegal(network: Network) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    for slug, action, side in (
        ("cis-poraj", "withdraw", "receiving"),
        ("cis-poraj", "deliver", "receiving"),
        ("ops-poraj", "accept", "sending"),
        ("ops-poraj", "submit", "sending"),
    ):
        url, headers = f"/referrals/{referral}/actions/{action}", {"Accept-Language": "en"}
        answer = await network.office(slug).http.post(url, json=BODIES[action], headers=headers)
        assert refused(answer) == (409, "illegal_action")
        assert (
            answer.json()["title"] == f"The {side} institution cannot do this now (state of the referral: Delivered)."
        )
