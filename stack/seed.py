"""The demo counties come alive: what `stack/demo/scenarios.py` tells is really done through the public interface.

It is played once per data folder: what people do there afterwards stays as they left it. People and keys follow from
the number of the scenario, so what another start or an earlier release has begun is found and gone on with.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx2

from contracts.directory import Directory
from rules.calendar import add_working_days, at_local, local_day, roll_forward
from stack.credentials import read_credentials
from stack.demo.office import Office
from stack.demo.scenarios import PAPERS, PLACE_QUESTIONS, SCENARIOS, Paper, PlaceQuestion, Scenario, Step
from stack.errors import StackError
from stack.files import write_private
from stack.institutions import read_directory
from stack.sample import body

_DAY = date(2026, 6, 1)
"""The day the demo people's papers count from."""

_FROM_BEFORE = "urn:sciezka:problem:key_reused"
"""An earlier release has played this scenario here, with the words of its time."""

_PLAYED = "demo-played"
"""The file that names what has been played to its end."""

_AT_ONCE = 4
_PATIENCE_SECONDS = 60.0
_INTERVIEW_WORKING_DAYS = 4
_MEETING = time(10)
_IN_A_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True)
class _Stage:
    """Where it is played: the institutions, each at its node's API."""

    directory: Directory
    offices: dict[str, Office]


async def seed(data: Path, say: Callable[[str], None]) -> None:
    """Play what has not been played on this data folder yet. Raises StackError."""
    directory = read_directory(data)
    known = {agency.slug for agency in directory.agencies}
    referrals = {f"demo-{n}": each for n, each in enumerate(SCENARIOS) if {each.sender, each.receiver} <= known}
    questions = {
        f"demo-places-{n}": each for n, each in enumerate(PLACE_QUESTIONS) if {each.agency, *each.receivers} <= known
    }
    papers = {f"demo-paper-{n}": each for n, each in enumerate(PAPERS) if {each.agency, each.receiver} <= known}
    file = data / _PLAYED
    played = set(file.read_text(encoding="utf-8").split()) if file.exists() else set()
    new = [key for key in (*referrals, *questions, *papers) if key not in played]
    if new:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def in_turn(play: Coroutine[Any, Any, None]) -> None:
            async with turns, asyncio.timeout(_PATIENCE_SECONDS):
                await play

        async with httpx2.AsyncClient(timeout=30) as http:
            offices = {slug: Office(http, slug, entry) for slug, entry in read_credentials(data).items()}
            stage = _Stage(directory, offices)
            plays = [
                *(_play(stage, key, each) for key, each in referrals.items() if key in new),
                *(_play_question(stage, key, each) for key, each in questions.items() if key in new),
                *(_play_paper(stage, key, each) for key, each in papers.items() if key in new),
            ]
            try:
                await asyncio.gather(*map(in_turn, plays))
                await asyncio.gather(*(office.sign_out() for office in offices.values()))
            except (TimeoutError, httpx2.HTTPError) as error:
                raise StackError(
                    f"Dane pokazowe nie dotarły na miejsce ({_cause(error)}).",
                    "Sprawdź: sciezka doctor; bez danych pokazowych: sciezka up --empty.",
                ) from error
        write_private(file, "\n".join(sorted({*played, *new})))
    say(
        f"dane pokazowe na miejscu: skierowania {len(referrals)}, wnioski {len(papers)}, "
        f"pytania o miejsca {len(questions)}"
    )


async def _play(stage: _Stage, key: str, scenario: Scenario) -> None:
    sender, receiver = stage.offices[scenario.sender], stage.offices[scenario.receiver]
    content = body(stage.directory, scenario.sender, scenario.receiver, _DAY, _chance(key))
    content["urgency"] = scenario.urgency
    if scenario.lives_with is not None:
        home = stage.directory[scenario.lives_with]
        content["client"]["address"] |= {"town": home.town, "gmina": home.gminas[0].teryt}
    sent = await _created(sender, "/referrals", content, key)
    if sent is None:
        return
    identity: str = sent["id"]
    sent_on = local_day(datetime.fromisoformat(sent["times"]["submitted"]))
    for step in scenario.steps:
        office = sender if step.by == "sender" else receiver
        if not await _can(office, identity, step):
            return
        days = {name: await _day(office, name, sent_on, ahead) for name, ahead in step.days.items()}
        path = f"/referrals/{identity}/actions/{step.action}"
        (await office.post(path, {**step.fields, **days}, role=step.role)).raise_for_status()


async def _day(office: Office, name: str, sent_on: date, ahead: int) -> str:
    if name.endswith("_at") and not ahead:
        return (await office.now() + _IN_A_MOMENT).isoformat()
    day = roll_forward(sent_on + timedelta(days=ahead)) if ahead else sent_on
    return at_local(day, _MEETING).isoformat() if name.endswith("_at") else str(day)


async def _play_paper(stage: _Stage, key: str, paper: Paper) -> None:
    office = stage.offices[paper.agency]
    today = local_day(await office.now())
    sample = body(stage.directory, paper.agency, paper.receiver, _DAY, _chance(key))
    content = {
        "received_on": str(today),
        "channel": "paper",
        "applicant": {"kind": "person"},
        "receiver": paper.receiver,
        **{name: sample[name] for name in ("client", "reason")},
    }
    application = await _created(office, "/applications", content, key)
    if application is not None and application["status"] == "registered":
        planned = {
            "on": str(add_working_days(today, _INTERVIEW_WORKING_DAYS)),
            "place": content["client"]["address"]["street"],
        }
        path = f"/applications/{application['id']}/actions/schedule_interview"
        (await office.post(path, planned, role=paper.role)).raise_for_status()


async def _play_question(stage: _Stage, key: str, question: PlaceQuestion) -> None:
    content = {"receivers": question.receivers, "places": question.places}
    asked = await _created(stage.offices[question.agency], "/place-questions", content, key)
    for item in () if asked is None else asked["items"]:
        office, path = stage.offices[item["receiver"]], f"/place-questions/{item['id']}"
        if item["receiver"] in question.free:
            while (seen := await office.find(path)) is None:
                await asyncio.sleep(0.1)
            if seen["answered_at"] is None:
                (await office.post(f"{path}/answer", {"free": question.free[item["receiver"]]})).raise_for_status()


def _chance(key: str) -> random.Random:
    """The source of the person of a scenario; that of a referral is its number, as it always was."""
    last = key.rpartition("-")[2]
    return random.Random(int(last) if key == f"demo-{last}" else key)


async def _created(office: Office, path: str, content: dict[str, Any], key: str) -> dict[str, Any] | None:
    """What was made, now or before; None when an earlier release made it."""
    created = await office.post(path, content, **{"Idempotency-Key": key})
    if created.status_code == 422 and created.json()["type"] == _FROM_BEFORE:
        return None
    answer: dict[str, Any] = created.raise_for_status().json()
    return answer


async def _can(office: Office, identity: str, step: Step) -> bool:
    """Whether this institution may act so, once it knows of everything before; False when it is past that.

    The receiver's node always knows; the sender's may still wait for the news.
    """
    while True:
        referral = await office.find(f"/referrals/{identity}")
        if referral is not None:
            if step.action in {offered["action"] for offered in referral["available_actions"]}:
                return True
            over = step.by == "receiver" or referral["times"]["decided"] or referral["last_request"]
            if over and referral["status"] != step.passes_in:
                return False
        await asyncio.sleep(0.1)


def _cause(error: Exception) -> str:
    """What went wrong, without the address or anything that was sent."""
    return f"HTTP {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else type(error).__name__
