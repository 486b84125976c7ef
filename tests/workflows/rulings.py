"""Local rule files to test with, and putting them in force."""

from datetime import date, datetime
from uuid import UUID

from services.kit.service import Service
from tests.workflows.deliveries import database_now, deliver
from tests.workflows.examples import Referral
from workflows import reflow, rulebook
from workflows.rulebook import InForce

OPERATOR = "operator test"


def day_off(day: date, name: str = "Dzień żałoby") -> str:
    """A day off for everybody."""
    return (
        f'[[days_off]]\ndate = {day}\nwording = {{ pl = "{name}", en = "Day of mourning" }}\n'
        'basis = { pl = "Ustawa z testu", en = "Act of the test" }\n'
    )


def length(rule: str, normal: str, valid_from: date, *, urgent: str = "1wd", more: str = "") -> str:
    """Another length of a rule for everybody, or with `more` for one institution."""
    return (
        f'[[lengths]]\nrule = "{rule}"\nlength = {{ normal = "{normal}", urgent = "{urgent}" }}\n'
        f'valid_from = {valid_from}\nbasis = {{ pl = "Porozumienie z testu", en = "Agreement of the test" }}\n{more}'
    )


async def put(service: Service, text: str) -> InForce | None:
    async with service.database.transaction() as session:
        return await rulebook.put(service, session, text, OPERATOR)


async def apply_file(service: Service, text: str) -> InForce | None:
    """As `sciezka rules apply` does."""
    done = await put(service, text)
    await reflow.flow(service)
    return done


async def delivered(service: Service, name: str = "referral", *, path_id: UUID | None = None) -> Referral:
    """A referral that was sent and delivered just now."""
    now: datetime = await database_now(service)
    more = {} if path_id is None else {"path_id": path_id}
    told = Referral(name, at=now, **more).submitted()
    told.delivered(at=told.now)
    await deliver(service, told.events)
    return told
