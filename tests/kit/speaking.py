"""A process of its own that logs as a node does: what it prints is what an operator would see.

Run by `test_telemetry`: the settings of structlog and logging are those of a whole process.
"""

import asyncio
import logging

import httpx2
import structlog
from fastapi import FastAPI

from contracts.envelope import Envelope
from services.kit.delivery import Delivery
from services.kit.requests import Requests
from services.kit.taking import became, taking
from services.kit.telemetry import configure_logging
from tests.kit.examples import body, envelope, submitted

PERSON = "Kanarkowska 44051401359"

app = FastAPI()
log = structlog.get_logger()


@app.get("/people/{person}")
async def person(person: str) -> dict[str, str]:
    log.info("inside", path=submitted().path_id)
    return {}


@app.get("/fault")
async def fault() -> None:
    raise ValueError(PERSON)


@app.get("/health")
async def health() -> dict[str, str]:
    return {}


def delivered(traced: Envelope | None = None) -> Delivery:
    event = submitted()
    return Delivery.of("ev.ops.cis.intake.referral_submitted", envelope(event).headers(), body(event))


async def main() -> None:
    configure_logging("cis")
    transport = httpx2.ASGITransport(app=Requests(app, "cis"), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://node") as client:
        for path in (f"/people/{PERSON}?name={PERSON}", f"/{PERSON}", "/fault", "/health"):
            answer = await client.get(path, headers={"X-Request-Id": PERSON})
            log.info("answered", status=answer.status_code, request_id=answer.headers["X-Request-Id"])
    parked = delivered()
    with taking("cis", "referral", parked):
        log.info("inside", type=parked)
        became("cis", parked.envelope.id, "parked")
    try:
        with taking("cis", "referral", delivered()):
            raise ValueError(PERSON)
    except ValueError as error:
        logging.getLogger("library").exception("Cannot read %s", PERSON, exc_info=error)
        logging.getLogger("library").warning(f"Cannot read {PERSON.split()[1]} of it")


if __name__ == "__main__":
    asyncio.run(main())
