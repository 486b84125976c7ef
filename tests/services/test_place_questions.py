"""Questions about places: several institutions are asked at once, none learns of a person, each answers for itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from rules.calendar import add_working_days, local_day
from tests.nodes import Network, Office, eventually
from tests.services.database import change, rows
from tests.services.living import IN_A_MONTH, NOW, TODAY
from tests.services.steps import done, errors, refused

CENTRES = ["cis-poraj", "cis-tychy"]


async def _asked(sender: Office, receivers: list[str], **more: Any) -> list[dict[str, Any]]:
    body = {"receivers": receivers, "places": 3, **more}
    questions: list[dict[str, Any]] = done(await sender.http.post("/place-questions", json=body), 201)["items"]
    return questions


async def _found(office: Office, box: str, question_id: str, **wanted: Any) -> dict[str, Any]:
    """The question once this institution sees it like that."""

    async def seen() -> dict[str, Any] | None:
        items = done(await office.http.get("/place-questions", params={"box": box}))["items"]
        for item in items:
            if item["id"] == question_id and all(item[name] == value for name, value in wanted.items()):
                found: dict[str, Any] = item
                return found
        return None

    found: dict[str, Any] = await eventually(seen)
    return found


async def _answer(office: Office, question_id: str, **answer: Any) -> Any:
    return await office.http.post(f"/place-questions/{question_id}/answer", json=answer)


async def test_each_institution_asked_sees_the_question_and_its_day(network: Network) -> None:
    poraj = network.office("ops-poraj")
    questions = await _asked(poraj, [*CENTRES, "cis-poraj"], workshop="stolarski", from_on=IN_A_MONTH)
    assert [question["receiver"] for question in questions] == CENTRES
    for question in questions:
        told = await _found(network.office(question["receiver"]), "received", question["id"])
        assert told == question
        assert told["due_on"] == str(add_working_days(local_day(NOW), 3))
        assert (told["places"], told["workshop"], told["from_on"]) == (3, "stolarski", IN_A_MONTH)


async def test_an_answer_comes_back_to_whoever_asked_and_to_nobody_else(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-tychy")
    (question,) = await _asked(poraj, ["cis-tychy"])
    await _found(cis, "received", question["id"])
    answer = {"free": 2, "from_on": IN_A_MONTH, "note": "Po feriach."}
    answered = done(await _answer(cis, question["id"], **answer))
    known = await _found(poraj, "asked", question["id"], answered_at=answered["answered_at"])
    assert known["answer"] == answered["answer"] == answer
    for office in (poraj, cis):
        assert done(await office.http.get(f"/place-questions/{question['id']}")) == known
    for office in (network.office("ops-tychy"), network.office("cis-poraj")):
        for box in ("asked", "received"):
            items = done(await office.http.get("/place-questions", params={"box": box}))["items"]
            assert question["id"] not in {item["id"] for item in items}
        assert refused(await office.http.get(f"/place-questions/{question['id']}")) == (404, "not_found")
        assert refused(await _answer(office, question["id"], free=1)) == (404, "not_found")
    (kept,) = await rows(network, "cis", "select * from referral.place_question where id::text = $1", question["id"])
    assert "feriach" not in str(kept)


async def test_within_one_node_too(network: Network) -> None:
    ops, kis = network.office("ops-zdunska-wola"), network.office("kis-zdunska-wola")
    (question,) = await _asked(ops, ["kis-zdunska-wola"])
    await _found(kis, "received", question["id"])
    done(await _answer(kis, question["id"], free=0))
    known = await _found(ops, "asked", question["id"], answer={"free": 0, "from_on": None, "note": None})
    assert known["answered_at"]


async def test_a_question_is_answered_once(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    (question,) = await _asked(poraj, ["cis-poraj"])
    await _found(cis, "received", question["id"])
    done(await _answer(cis, question["id"], free=1))
    assert refused(await _answer(cis, question["id"], free=2)) == (409, "place_question_answered")


async def test_a_question_that_comes_twice_is_asked_once(network: Network) -> None:
    poraj, key = network.office("ops-poraj"), {"Idempotency-Key": "places-twice"}
    body = {"receivers": ["cis-poraj"], "places": 3}
    first, again = [await poraj.http.post("/place-questions", json=body, headers=key) for _ in range(2)]
    assert (first.status_code, again.content) == (201, first.content)
    asked = done(await poraj.http.get("/place-questions", params={"box": "asked"}))["items"]
    assert [item["id"] for item in asked].count(first.json()["items"][0]["id"]) == 1
    other = await poraj.http.post("/place-questions", json=body | {"places": 4}, headers=key)
    assert refused(other) == (422, "key_reused")


@pytest.mark.parametrize(
    ("receiver", "code"), [("ops-poraj", "receiver_is_sender"), ("cis-nigdzie", "receiver_unknown")]
)
async def test_somebody_else_who_is_there_is_asked(network: Network, receiver: str, code: str) -> None:
    poraj = network.office("ops-poraj")
    answer = await poraj.http.post("/place-questions", json={"receivers": ["cis-poraj", receiver], "places": 1})
    assert errors(answer) == [("receivers.1", code)]


async def test_a_question_has_no_room_for_a_persons_data(network: Network) -> None:
    body = {"receivers": ["cis-poraj"], "places": 1, "note": "Pani Anna"}
    answer = await network.office("ops-poraj").http.post("/place-questions", json=body)
    assert errors(answer) == [("note", "extra_forbidden")]


async def test_who_asked_is_reminded_from_the_day_after_the_last_one_until_there_is_an_answer(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    (question,) = await _asked(poraj, ["cis-poraj"])
    await _found(cis, "received", question["id"], overdue=False)
    before = await _not_answered(poraj)
    for due_on, overdue in ((TODAY, False), (str(local_day(NOW) - timedelta(days=1)), True)):
        for node, of_whom in (("ops", "intake"), ("cis", "referral")):
            late = f"update {of_whom}.place_question set due_on = $2 where id = $1"
            await change(network, node, late, question["id"], date.fromisoformat(due_on))
        assert (await _found(poraj, "asked", question["id"], overdue=overdue))["answered_at"] is None
        await _found(cis, "received", question["id"], overdue=overdue)
        assert await _not_answered(poraj) == before + overdue
    assert done(await _answer(cis, question["id"], free=0))["overdue"] is False
    await _found(poraj, "asked", question["id"], overdue=False)
    assert await _not_answered(poraj) == before


async def _not_answered(office: Office) -> int:
    """The overdue questions that the institution is told of beside its work."""
    count: int = done(await office.http.get("/work-items/beside"))["places_overdue"]
    return count
