"""Question and answer between receiver and sender, readable at these two and nowhere else."""

from tests.nodes import Network, Office
from tests.services.database import rows
from tests.services.steps import SOON, actions, club, delivered, done, errors, refused

ROUNDS = 3


async def _asked(network: Network) -> tuple[Office, Office, str]:
    """Sender, the coordinator who asked, and the referral with an open question."""
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    done(await coordinator.act(referral, "ask", question="Czy osoba ma orzeczenie?", due_on=SOON))
    await zdunska.has(referral, status="info_requested")
    return zdunska, coordinator, referral


async def test_a_question_and_its_answer_are_readable_at_both_sides(network: Network) -> None:
    zdunska, coordinator, referral = await _asked(network)
    question = {"text": "Czy osoba ma orzeczenie?", "due_on": SOON}
    assert (await zdunska.has(referral, status="info_requested"))["question"] == question
    answering = done(await zdunska.act(referral, "answer", text="Tak, lekkie."), 202)
    assert (answering["pending_request"]["action"], answering["pending_request"]["state"]) == ("answer", "pending")
    known = await zdunska.has(referral, status="in_review", pending_request=None)
    assert (known["question"], known["answer"]) == (question, "Tak, lekkie.")
    assert (known["last_request"]["action"], known["last_request"]["state"]) == ("answer", "done")
    shown = done(await coordinator.http.get(f"/referrals/{referral}"))
    assert (shown["question"], shown["answer"]) == (question, "Tak, lekkie.")
    assert shown["last_request"]["id"] == known["last_request"]["id"]


async def test_question_and_answer_are_kept_and_carried_sealed(network: Network) -> None:
    zdunska, _, referral = await _asked(network)
    done(await zdunska.act(referral, "answer", text="Tak, lekkie."), 202)
    await zdunska.has(referral, status="in_review")
    for schema in ("intake", "referral"):
        (kept,) = await rows(
            network, "ops", f"select sealed_question, sealed_answer from {schema}.referral where id = $1", referral
        )
        for sealed in kept.values():
            assert sealed.count(".") == 4  # a compact JWE
    for schema, event in (("referral", "info_requested"), ("intake", "referral_requested")):
        sent = await rows(
            network,
            "ops",
            f"select convert_from(body, 'UTF8') as body from {schema}.outbox where subject like $1 and target = 'ops' "
            "and convert_from(body, 'UTF8') like $2",
            f"%.{event}",
            f"%{referral}%",
        )
        assert len(sent) == 1
        assert "orzeczenie" not in sent[0]["body"]
        assert "lekkie" not in sent[0]["body"]


async def test_after_the_answer_the_review_goes_on_with_the_person_who_asked_on_a_new_lease(network: Network) -> None:
    zdunska, coordinator, referral = await _asked(network)
    waiting = done(await coordinator.http.get(f"/referrals/{referral}"))
    assert (waiting["claimed_by"], waiting["lease_until"]) == ("kis-coordinator@kis-zdunska-wola", None)
    done(await zdunska.act(referral, "answer", text="Tak."), 202)
    reviewing = await coordinator.has(referral, status="in_review")
    assert reviewing["claimed_by"] == "kis-coordinator@kis-zdunska-wola"
    assert reviewing["lease_until"] is not None


async def test_given_back_to_the_inbox_a_referral_hides_question_and_answer_until_the_next_claim(
    network: Network,
) -> None:
    zdunska, coordinator, referral = await _asked(network)
    done(await zdunska.act(referral, "answer", text="Tak."), 202)
    await coordinator.has(referral, status="in_review")
    released = done(await coordinator.act(referral, "release"))
    assert (released["question"], released["answer"]) == (None, None)
    claimed = done(await coordinator.act(referral, "claim"))
    assert (claimed["question"]["text"], claimed["answer"]) == ("Czy osoba ma orzeczenie?", "Tak.")


async def test_a_new_question_clears_the_old_answer(network: Network) -> None:
    zdunska, coordinator, referral = await _asked(network)
    done(await zdunska.act(referral, "answer", text="Tak."), 202)
    await coordinator.has(referral, status="in_review")
    asked = done(await coordinator.act(referral, "ask", question="A skierowanie?", due_on=SOON))
    assert (asked["question"]["text"], asked["answer"]) == ("A skierowanie?", None)
    known = await zdunska.has(referral, version=asked["version"])
    assert (known["question"]["text"], known["answer"]) == ("A skierowanie?", None)


async def test_three_questions_may_be_asked(network: Network) -> None:
    zdunska, coordinator, referral = await _asked(network)
    for _ in range(ROUNDS - 1):
        done(await zdunska.act(referral, "answer", text="Tak."), 202)
        await coordinator.has(referral, status="in_review")
        again = done(await coordinator.act(referral, "ask", question="I jeszcze?", due_on=SOON))
        await zdunska.has(referral, version=again["version"])
    done(await zdunska.act(referral, "answer", text="Tak."), 202)
    shown = await coordinator.has(referral, status="in_review")
    assert actions(shown) == {"release", "accept", "put_on_list", "decline", "send_back"}
    answer = await coordinator.act(referral, "ask", question="I znowu?", due_on=SOON)
    assert refused(answer) == (409, "too_many_questions")
    assert answer.json()["title"] == "Wykorzystano już liczbę pytań (3)."


async def test_a_question_needs_a_text_and_a_day(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    for body, found in (
        ({}, [("question", "missing"), ("due_on", "missing")]),
        ({"question": "Kiedy?"}, [("due_on", "missing")]),
        ({"question": "", "due_on": SOON}, [("question", "string_too_short")]),
        ({"question": "Kiedy?", "due_on": "2020-01-01"}, [("due_on", "past_date")]),
        ({"question": "Kiedy?", "due_on": "2199-01-01"}, [("due_on", "too_late_date")]),
        ({"question": "Kiedy?", "due_on": "jutro"}, [("due_on", "date_from_datetime_parsing")]),
        ({"question": "Kiedy?", "due_on": SOON, "reason": "other"}, [("reason", "unknown_reason")]),
    ):
        assert errors(await coordinator.act(referral, "ask", **body)) == found
    assert (await coordinator.has(referral, status="in_review"))["question"] is None


async def test_an_answer_needs_a_text(network: Network) -> None:
    zdunska, _, referral = await _asked(network)
    assert errors(await zdunska.act(referral, "answer")) == [("text", "missing")]


async def test_without_an_answer_the_receiver_may_decline(network: Network) -> None:
    zdunska, coordinator, referral = await _asked(network)
    done(await coordinator.act(referral, "decline", reason="no_answer"))
    known = await zdunska.has(referral, status="declined")
    assert known["reason"] == "no_answer"
    assert refused(await zdunska.act(referral, "answer", text="Za późno.")) == (409, "illegal_action")


async def test_a_question_is_that_of_the_person_who_reviews_and_the_head_may_end_it(network: Network) -> None:
    zdunska, coordinator, head = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await head.act(referral, "claim")
    await head.act(referral, "ask", question="Kiedy?", due_on=SOON)
    answer = await coordinator.act(referral, "decline", reason="no_answer")
    assert refused(answer) == (409, "claimed_by_another")
    assert actions(done(await coordinator.http.get(f"/referrals/{referral}"))) == set()
    assert actions(done(await head.http.get(f"/referrals/{referral}"))) == {"decline"}
