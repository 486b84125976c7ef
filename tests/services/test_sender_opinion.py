"""The social worker's opinion on a draft (art. 12 ust. 2): asked for, given into the form, and never forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from rules.calendar import roll_forward
from tests.nodes import Network, Office
from tests.services.database import change
from tests.services.living import NOW
from tests.services.steps import actions, done, errors, refused

OPINION = {"result": "positive", "interview_on": "2026-05-12", "issued_on": "2026-05-18", "findings": "Bez uwag."}
NEGATIVE = OPINION | {"result": "negative", "reasons": "Trwa leczenie."}


async def _people(network: Network) -> tuple[Office, Office]:
    """The head and a social worker of one OPS."""
    return await network.person("ops-poraj", "OPS_HEAD"), await network.person("ops-poraj", "OPS_SOCIAL_WORKER")


async def _asked(office: Office, **body: Any) -> dict[str, Any]:
    """A draft without an opinion on which one was asked for."""
    draft = await office.send("cis-poraj", draft=True, opinion=None)
    return done(await office.act(draft["id"], "ask_opinion", **body))


async def _waiting(office: Office, draft: dict[str, Any]) -> dict[str, Any] | None:
    beside = done(await office.http.get("/work-items/beside"))
    return next((each for each in beside["opinions"] if each["id"] == draft["id"]), None)


async def test_a_draft_waits_for_the_opinion_and_is_sent_with_it(network: Network) -> None:
    head, worker = await _people(network)
    asked = await _asked(head)
    assert (asked["status"], actions(asked)) == ("opinion_pending", {"give_opinion"})
    given = done(await worker.act(asked["id"], "give_opinion", opinion=OPINION))
    assert (given["status"], given["missing"], actions(given)) == ("draft", [], {"ask_opinion"})
    assert given["form"]["opinion"] == OPINION
    assert given["opinion_asked"]["given_by"] == worker_login(network)
    sent = done(await head.act(asked["id"], "submit"))
    assert (sent["status"], sent["client"]["opinion"]["findings"]) == ("submitted", "Bez uwag.")


def worker_login(network: Network) -> str:
    users = network.credentials["ops-poraj"]["users"]
    login: str = next(user["login"] for user in users if user["role"] == "OPS_SOCIAL_WORKER")
    return login


async def test_who_asked_whom_and_until_when_is_shown_and_in_the_list_of_work(network: Network) -> None:
    head, worker = await _people(network)
    asked = await _asked(head, colleague=worker_login(network))
    told = asked["opinion_asked"]
    assert (told["asked_of"], told["given_by"]) == (worker_login(network), None)
    assert told["due_on"] == str(roll_forward(NOW.date() + timedelta(days=7)))
    assert await _waiting(worker, asked) == told | {
        "id": asked["id"],
        "number": asked["number"],
        "receiver": "cis-poraj",
    }
    done(await worker.act(asked["id"], "give_opinion", opinion=OPINION))
    assert await _waiting(worker, asked) is None


async def test_only_a_colleague_who_can_give_the_opinion_is_asked_for_it(network: Network) -> None:
    head, _ = await _people(network)
    draft = await head.send("cis-poraj", draft=True, opinion=None)
    logins = {user["role"]: user["login"] for user in network.credentials["ops-poraj"]["users"]}
    stranger = network.credentials["ops-tychy"]["users"][0]["login"]
    for login, code in (
        (logins["ADMIN"], "colleague_may_not"),
        (stranger, "colleague_unknown"),
        ("nikt@ops-poraj", "colleague_unknown"),
    ):
        assert errors(await head.act(draft["id"], "ask_opinion", colleague=login)) == [("colleague", code)]
    assert (await head.get(draft["id"]) or {})["status"] == "draft"


async def test_a_colleague_whose_account_is_blocked_is_not_asked(network: Network) -> None:
    head, admin = await network.person("ops-poraj", "OPS_HEAD"), await network.person("ops-poraj", "ADMIN")
    new = {"login": "opinia.zablokowana", "name": "Irena Próbna", "role": "OPS_SOCIAL_WORKER"}
    account = done(await admin.http.post("/accounts", json=new), 201)["account"]
    first, second = [await head.send("cis-poraj", draft=True, opinion=None) for _ in range(2)]
    done(await head.act(first["id"], "ask_opinion", colleague=account["login"]))
    done(await admin.http.post(f"/accounts/{account['id']}/actions/disable", json={}))
    late = await head.act(second["id"], "ask_opinion", colleague=account["login"])
    assert errors(late) == [("colleague", "colleague_unknown")]


async def test_a_negative_opinion_comes_back_with_its_reasons_and_keeps_the_referral_from_going(
    network: Network,
) -> None:
    head, worker = await _people(network)
    asked = await _asked(head)
    given = done(await worker.act(asked["id"], "give_opinion", opinion=NEGATIVE))
    assert (given["status"], given["form"]["opinion"]["reasons"]) == ("draft", "Trwa leczenie.")
    assert errors(await head.act(asked["id"], "submit")) == [("opinion.result", "opinion_negative")]


@pytest.mark.parametrize(
    ("opinion", "wrong"),
    [
        (None, ("opinion", "missing")),
        (OPINION | {"issued_on": "2099-01-01"}, ("opinion.issued_on", "future_date")),
        (OPINION | {"result": "negative"}, ("opinion.reasons", "opinion_reasons_required")),
    ],
)
async def test_an_opinion_that_cannot_stand_is_not_taken(
    network: Network, opinion: dict[str, Any] | None, wrong: tuple[str, str]
) -> None:
    head, worker = await _people(network)
    asked = await _asked(head)
    answer = await worker.act(asked["id"], "give_opinion", **({} if opinion is None else {"opinion": opinion}))
    assert errors(answer) == [wrong]
    assert (await worker.get(asked["id"]) or {})["status"] == "opinion_pending"


async def test_nothing_is_sent_while_the_opinion_is_awaited(network: Network) -> None:
    head, _ = await _people(network)
    draft = await head.send("cis-poraj", draft=True)  # a whole form, an opinion in it too
    done(await head.act(draft["id"], "ask_opinion"))
    assert refused(await head.act(draft["id"], "submit")) == (409, "illegal_action")


async def test_only_the_ops_gives_an_opinion(network: Network) -> None:
    pup = network.office("pup-myszkow")
    draft = await pup.send("cis-myszkow", draft=True)
    assert actions(draft) == {"submit"}
    assert refused(await pup.act(draft["id"], "ask_opinion")) == (403, "role_not_allowed")


async def test_a_save_from_before_the_opinion_does_not_overwrite_it(network: Network) -> None:
    head, worker = await _people(network)
    asked = await _asked(head)
    seen = f'"0.{asked["revision"]}"'
    done(await worker.act(asked["id"], "give_opinion", opinion=OPINION))
    late = await head.http.put(f"/referrals/{asked['id']}", json=asked["form"], headers={"If-Match": seen})
    assert refused(late) == (412, "stale_draft")


async def test_a_draft_that_becomes_a_referral_without_an_opinion_waits_for_none(network: Network) -> None:
    head, _ = await _people(network)
    asked = await _asked(head)
    form = asked["form"] | {"receiver": "pup-myszkow"}
    saved = done(await head.http.put(f"/referrals/{asked['id']}", json=form))
    assert (saved["status"], saved["opinion_asked"], actions(saved)) == ("draft", None, {"submit"})
    assert await _waiting(head, asked) is None


async def test_the_oldest_question_is_first_in_the_list_of_work(network: Network) -> None:
    head, worker = await _people(network)
    older, newer = await _asked(head), await _asked(head)
    aside = "update intake.draft set opinion_asked_at = opinion_asked_at - interval '100 days' where id = $1"
    await change(network, "ops", aside, newer["id"])
    waiting = done(await worker.http.get("/work-items/beside"))["opinions"]
    ids = [each["id"] for each in waiting]
    assert ids.index(newer["id"]) < ids.index(older["id"])


async def test_drafts_that_wait_are_listed_by_their_state(network: Network) -> None:
    head, _ = await _people(network)
    asked = await _asked(head)
    for status, expected in (("opinion_pending", True), ("draft", False)):
        page = done(await head.http.get("/referrals", params={"box": "sent", "status": status}))
        assert (asked["id"] in {item["id"] for item in page["items"]}) == expected
