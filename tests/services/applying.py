"""Applications over the API: a body as a clerk types it from paper, and the steps up to an opinion."""

from typing import Any

from tests.nodes import Network, Office
from tests.services.steps import done

RECEIVED, HELD, GIVEN = "2026-05-18", "2026-05-25", "2026-05-27"
CONSENT = {"given_on": "2026-05-15", "version": "2026-1"}
OPINION = {"result": "positive", "interview_on": HELD, "issued_on": GIVEN}


def paper(office: Office, **changes: Any) -> dict[str, Any]:
    """The ten fields of an application on paper, of a fresh training person."""
    person = office.body("cis-poraj")["client"]
    client = {name: person[name] for name in ("given_name", "family_name", "pesel")}
    return {
        "received_on": RECEIVED,
        "channel": "paper",
        "applicant": {"kind": "person"},
        "client": client | {"address": {"town": "Poraj"}},
        "receiver": "cis-poraj",
        "reason": "Osoba chce wrócić do pracy.",
    } | changes


def learned(office: Office) -> dict[str, Any]:
    """What the interview adds: all that the law asks of a referral."""
    sample = office.body("cis-poraj")
    return {name: sample[name] for name in ("grounds", "general_clause", "labour")}


async def registered(office: Office, **changes: Any) -> dict[str, Any]:
    return done(await office.http.post("/applications", json=paper(office, **changes)), 201)


async def step(office: Office, application: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
    """The application after an action that succeeded."""
    return done(await office.http.post(f"/applications/{application['id']}/actions/{action}", json=body))


async def opined(office: Office, result: str = "positive", **changes: Any) -> dict[str, Any]:
    """An application with the social worker's opinion."""
    application = await registered(office, **changes)
    await step(office, application, "record_interview", held_on=HELD, place="OPS", form=learned(office))
    more = {} if result == "positive" else {"reasons": "Stan zdrowia."}
    return await step(office, application, "give_opinion", opinion=OPINION | {"result": result} | more)


async def people(network: Network) -> tuple[Office, Office]:
    """The social worker and the head of one OPS."""
    return await network.person("ops-poraj", "OPS_SOCIAL_WORKER"), await network.person("ops-poraj", "OPS_HEAD")
