"""Referrals, applications and lists in the states that screens show, of one OPS, one PUP and one CIS."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from rules.calendar import add_working_days, local_day
from tests.nodes import Network, Office, eventually
from tests.services import applying, dues, importing, living, steps
from tests.workflows import rulings

SENDER, PUP, RECEIVER = "ops-poraj", "pup-myszkow", "cis-poraj"
WORKER, HEAD, ADVISER = (SENDER, "OPS_SOCIAL_WORKER"), (SENDER, "OPS_HEAD"), (PUP, "PUP_ADVISER")
CIS_WORKER, CIS_HEAD = (RECEIVER, "CIS_SOCIAL_WORKER"), (RECEIVER, "CIS_HEAD")


async def delivered(network: Network) -> str:
    """A referral that nobody at the CIS has taken on."""
    return await steps.delivered(network.office(SENDER), RECEIVER)


async def moved(network: Network) -> str:
    """One with deadlines that a day off has moved, and its end has moved back: the rules are those of the release."""
    referral_id = await delivered(network)
    tomorrow = add_working_days(local_day(datetime.now(UTC)), 1)
    cis = network.office(RECEIVER)
    await dues.claim_of(cis, referral_id, moved=False)

    async def told(part: str) -> bool:
        own = [each for each in await dues.dues(cis, moved=True) if each["referral_id"] == referral_id]
        return any(part in each["moved"]["why"] for each in own)

    for rules, part in ((rulings.day_off(tomorrow), ""), ("", "przestaje")):
        await rulings.apply_file(network.bases["path"].service("path"), rules)
        await eventually(partial(told, part))
    return referral_id


async def in_review(network: Network) -> str:
    """Taken on by the social worker of the CIS."""
    return await _after(network, "claim")


async def asked(network: Network) -> str:
    """The CIS waits for an answer of the OPS."""
    referral_id = await in_review(network)
    worker = await network.person(*CIS_WORKER)
    steps.done(await worker.act(referral_id, "ask", question="Czy osoba ma orzeczenie?", due_on=steps.SOON))
    await network.office(SENDER).has(referral_id, status="info_requested")
    return referral_id


async def accepted(network: Network) -> str:
    return await _decided(network, "accept")


async def declined(network: Network) -> str:
    return await _decided(network, "decline", reason="no_place")


async def waitlisted(network: Network) -> str:
    return (await living.centre(network, "waitlisted"))[2]


async def in_service(network: Network) -> str:
    return (await living.centre(network, "in_service"))[2]


async def suspended(network: Network) -> str:
    return (await living.centre(network, "suspended"))[2]


async def return_proposed(network: Network) -> str:
    """The CIS wants to hand the case back, and the OPS has not answered."""
    return (await living.centre(network, "return_proposed"))[2]


async def completed(network: Network) -> str:
    return (await living.centre(network, "completed"))[2]


async def sent_back(network: Network) -> str:
    """With another centre named by the CIS."""
    back = {"reason": "wrong_institution", "suggestion": "cis-tychy"}
    return await living.brought(network.office(SENDER), network.office(RECEIVER), (("send_back", back),))


async def draft(network: Network) -> str:
    """Half of a form."""
    worker = await network.person(*ADVISER)
    client = worker.body(RECEIVER)["client"]
    return str(steps.done(await worker.create(RECEIVER, draft=True, client=client, reason=None), 201)["id"])


async def whole_draft(network: Network) -> str:
    """A form to which nothing is missing, waiting for the head."""
    worker = await network.person(*WORKER)
    return str(steps.done(await worker.create(RECEIVER, draft=True), 201)["id"])


async def direct(network: Network) -> str:
    """A PUP refers somebody itself, and the OPS gets its notice."""
    adviser = await network.person(*ADVISER)
    person = network.office(SENDER).body(RECEIVER)["client"]
    return str((await adviser.send(RECEIVER, client=person))["id"])


async def client_of(network: Network, referral_id: str) -> dict[str, Any]:
    """The person of a referral as its sender knows them, with the ids of client and path."""
    sent = await network.office(SENDER).get(referral_id)
    assert sent is not None
    return {**sent["client"], "client_id": sent["client_id"], "path_id": sent["path_id"]}


async def application(network: Network) -> str:
    """On paper, just registered."""
    worker, _ = await applying.people(network)
    return str((await applying.registered(worker))["id"])


async def interviewed(network: Network) -> str:
    """With the interview, waiting for the opinion."""
    worker, _ = await applying.people(network)
    made = await applying.registered(worker)
    form = applying.learned(worker)
    await applying.step(worker, made, "record_interview", held_on=applying.HELD, place="OPS", form=form)
    return str(made["id"])


async def opined(network: Network) -> str:
    """With the opinion, ready to be issued."""
    worker, _ = await applying.people(network)
    return str((await applying.opined(worker))["id"])


async def imported(network: Network) -> str:
    """A list of three with one row to correct."""
    worker = await network.person(*ADVISER)
    rows = importing.sheet(worker, RECEIVER, 3)
    rows[2][rows[0].index("PESEL")] = "12345678901"
    content = "\n".join(";".join(row) for row in rows).encode()
    return str((await importing.imported(worker, content))["id"])


async def places_asked(network: Network) -> str:
    """Two centres were asked about places: one has answered, the other one has not."""
    ops, cis = network.office(SENDER), network.office(RECEIVER)
    body = {"receivers": [RECEIVER, "cis-myszkow"], "places": 3}
    asked = steps.done(await ops.http.post("/place-questions", json=body), 201)["items"]
    question = next(each["id"] for each in asked if each["receiver"] == RECEIVER)

    async def there() -> bool:
        listed = (await cis.http.get("/place-questions")).json()["items"]
        return any(each["id"] == question for each in listed)

    await eventually(there)
    answer = {"free": 2, "note": "Zajęcia rano."}
    steps.done(await cis.http.post(f"/place-questions/{question}/answer", json=answer))

    async def told() -> bool:
        listed = (await ops.http.get("/place-questions", params={"box": "asked"})).json()["items"]
        return any(each["id"] == question and each["answer"] is not None for each in listed)

    await eventually(told)
    return str(question)


async def to_answer(network: Network) -> str:
    """A question on places that the CIS has not answered."""
    body = {"receivers": [RECEIVER], "places": 2}
    asked = steps.done(await network.office(SENDER).http.post("/place-questions", json=body), 201)["items"]
    return str(asked[0]["id"])


async def cancel_requested(network: Network) -> str:
    """The OPS wants it stopped, and the CIS has not answered."""
    ops, _, referral_id = await living.centre(network, "in_service")
    await living.asked(ops, referral_id, "request_cancel", reason="person_moved")
    return referral_id


async def _after(network: Network, action: str) -> str:
    referral_id = await delivered(network)
    worker: Office = await network.person(*CIS_WORKER)
    steps.done(await worker.act(referral_id, action))
    return referral_id


async def _decided(network: Network, action: str, **told: str) -> str:
    referral_id = await in_review(network)
    head = await network.person(*CIS_HEAD)
    status = steps.done(await head.act(referral_id, action, **told))["status"]
    await network.office(SENDER).has(referral_id, status=status)
    return referral_id
