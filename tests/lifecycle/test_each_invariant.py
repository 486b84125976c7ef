"""Each invariant notices what it is there for: a healthy case, spoiled in one way, does not pass it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from uuid import uuid4

import pytest

from contracts.api import ActionBody
from contracts.codes import ReferralKind
from tests.lifecycle import invariants
from tests.lifecycle.life import Life, tried
from tests.lifecycle.memory import in_memory
from tests.lifecycle.world import World


@pytest.fixture(autouse=True)
def _in_memory() -> Iterator[None]:
    with in_memory():
        yield


def act(world: World, action: str, **body: object) -> None:
    """The head of the receiver does it, and everybody hears of it."""
    life = world.lives[-1]
    life.act(world.who(life.sent.receiver, "szefowa"), action, ActionBody.model_validate(body))
    world.arrive()


def ask(world: World, action: str, **body: object) -> None:
    """The head of the sender asks for it, and it is answered."""
    life = world.lives[-1]
    life.ask(world.who(life.sent.agency, "szefowa"), action, ActionBody.model_validate(body), world.next_id())
    world.arrive()


def delivered(kind: ReferralKind = "service") -> World:
    world = World(kind)
    world.arrive()
    return world


def completed() -> World:
    """A case that was asked to stop, went on, and came to its end."""
    world = delivered()
    for action, body in (("claim", {}), ("accept", {}), ("begin", {})):
        act(world, action, **body)
    ask(world, "request_cancel", reason="person_moved")
    act(world, "refuse_cancel", reason="under_way")
    act(world, "complete", outcome="open_market", evidence="document")
    return world


def holds(world: World) -> None:
    """Every invariant, one after the other."""
    life = world.lives[-1]
    for each in invariants.AT_EVERY_MOMENT:
        each(life)
    for step in life.steps:
        invariants.nothing_happens_by_itself(step)
    invariants.the_copy_is_its_facts(life)
    invariants.whoever_came_first_has_won(life)
    invariants.nobody_is_forgotten(life, world.agenda)
    invariants.all_know_the_same(life, world.agenda)
    invariants.each_notice_once(world.notices)
    invariants.handing_back_is_a_handover(life, {each.id for each in world.lives})
    invariants.history_replays(world.history, world.agenda)


def _row(**values: object) -> Callable[[World], None]:
    """The receiver's row says something else."""

    def spoil(world: World) -> None:
        for name, value in values.items():
            setattr(world.lives[-1].received, name, value)

    return spoil


def _two_answers(world: World) -> None:
    life = world.lives[-1]
    life.steps.append(next(step for step in life.steps if step.fact.name == "cancel_requested"))


def _not_told(world: World) -> None:
    next(iter(world.lives[-1].requests.values())).state = "refused"


def _no_deadline(world: World) -> None:
    world.agenda = world.agenda.model_copy(update={"watches": ()})


def _sent_after_the_end(world: World) -> None:
    life = world.lives[-1]
    life.steps.append(next(step for step in life.steps if step.fact.name == "started"))
    life.steps[-1] = deepcopy(life.steps[-1])
    object.__setattr__(life.steps[-1], "before", "completed")


def _by_nobody(world: World) -> None:
    object.__setattr__(world.lives[-1].steps[-1], "actor", "")


def _no_such_way(world: World) -> None:
    object.__setattr__(world.lives[-1].steps[-1], "before", "no_show")


def _told_twice(world: World) -> None:
    world.notices += [uuid4()] * 2


def _in_a_circle(world: World) -> None:
    world.lives[-1].sent.lineage = [world.lives[-1].sent.agency]


def _copied_wrongly(world: World) -> None:
    world.lives[-1].sent.attempts = 7


def _history_lost(world: World) -> None:
    world.history.pop()


SPOILED: list[tuple[str, Callable[[], World], Callable[[World], None], str]] = [
    ("1", delivered, _row(custodian=None), "one_custodian"),
    ("1", delivered, _row(custodian="owes-jura"), "one_custodian"),
    ("1", completed, _row(custodian="owes-jura"), "one_custodian"),
    ("2", completed, _by_nobody, "nothing_happens_by_itself"),
    ("2", completed, _no_such_way, "nothing_happens_by_itself"),
    ("3", completed, _two_answers, "whoever_came_first_has_won"),
    ("3", completed, _not_told, "whoever_came_first_has_won"),
    ("4", delivered, _no_deadline, "nobody_is_forgotten"),
    ("5", completed, _sent_after_the_end, "nothing_is_sent_after_the_end"),
    ("6", delivered, _told_twice, "each_notice_once"),
    ("7", delivered, _in_a_circle, "no_circles"),
    ("8", completed, _row(outcome=None), "an_end_tells_why"),
    ("9", delivered, _row(consent_ended=True, sealed_dossier=None), "access_follows_from_the_state"),
    ("10", completed, _copied_wrongly, "the_copy_is_its_facts"),
    ("12", delivered, _row(version=9), "all_know_the_same"),
    ("14", delivered, _row(status="return_proposed", custodian=None), "handing_back_is_a_handover"),
    ("15", delivered, _history_lost, "history_replays"),
]


@pytest.mark.parametrize("story", [delivered, completed])
def test_a_healthy_case_passes_all(story: Callable[[], World]) -> None:
    holds(story())


@pytest.mark.parametrize(("number", "story", "spoil", "name"), SPOILED)
def test_a_spoiled_one_does_not(
    number: str, story: Callable[[], World], spoil: Callable[[World], None], name: str
) -> None:
    check = getattr(invariants, name)
    assert check.__doc__.startswith(f"{number}.")
    world = story()
    spoil(world)
    with pytest.raises((AssertionError, ValueError)):
        _asked(check, world)


def _asked(check: Callable[..., None], world: World) -> None:
    """The check, of what it is about."""
    life = world.lives[-1]
    about: dict[str, tuple[object, ...]] = {
        "nobody_is_forgotten": (life, world.agenda),
        "all_know_the_same": (life, world.agenda),
        "each_notice_once": (world.notices,),
        "handing_back_is_a_handover": (life, {each.id for each in world.lives}),
        "history_replays": (world.history, world.agenda),
        "nothing_happens_by_itself": (life.steps[-1],),
    }
    check(*about.get(check.__name__, (life,)))


def test_11_an_export_that_read_back_as_another_state_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = completed()
    monkeypatch.setattr("rules.fhir.reported", lambda task: invariants.Reported(status="accepted"))
    with pytest.raises(AssertionError):
        invariants.fhir_tells_the_same(world.lives[-1])


def test_13_an_offer_that_goes_with_a_deadline_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        invariants.overdue_blocks_nothing(["complete"], [])


# --- what was found by the machine, told once more --------------------------------------------------------------------


def test_an_acceptance_undone_after_a_reopening_gives_the_case_back_to_whoever_sent_it() -> None:
    world = delivered()
    act(world, "accept")
    for channel in ("phone", "mail", "phone"):
        act(world, "record_attempt", channel=channel)
    act(world, "give_up")
    ask(world, "ask_reopen", reason="closed_by_mistake")
    act(world, "reopen")
    act(world, "undo")
    assert world.lives[-1].received is not None
    assert world.lives[-1].received.custodian == world.lives[-1].sent.agency
    holds(world)


def test_a_withdrawal_that_comes_after_the_acceptance_is_refused_and_the_sender_told() -> None:
    world = delivered()
    life: Life = world.lives[-1]
    asking = world.who(life.sent.agency, "szefowa")
    life.ask(asking, "withdraw", ActionBody(reason="wrong_data"), world.next_id())
    act(world, "accept")
    assert [(each.state, each.reason) for each in life.requests.values()] == [("refused", "already_accepted")]
    assert not tried(lambda: life.ask(asking, "withdraw", ActionBody(reason="wrong_data"), world.next_id()))
    holds(world)
