"""The fifteen invariants of the lifecycle, under people who act at once, messages that come as they like, and time.

The use cases are the product's own (`life`); only rows, seals and the road are kept in memory. Every step asks every
invariant, each under its number in `invariants`.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from rules.lifecycle import Transition, is_open
from tests.lifecycle import invariants
from tests.lifecycle.bodies import body
from tests.lifecycle.life import Life, tried
from tests.lifecycle.memory import in_memory
from tests.lifecycle.world import LEVELS, World

STEPS = 10_000
"""At least so many in one run."""

AT_ONCE = 50
"""Steps of one story."""


class Lifecycle(RuleBasedStateMachine):
    """Two institutions and a path, and what people do with one case. One number decides each step, so that every kind
    of step has its share in every story."""

    steps: ClassVar[int] = 0

    @initialize(kind=st.sampled_from(("service", "statutory_cis", "kis", "service", "application")))
    def begin(self, kind: Any) -> None:
        self.world = World(kind)

    @property
    def life(self) -> Life:
        """The referral that people work on: the last one that was sent."""
        return self.world.lives[-1]

    @rule(seed=st.integers(0, 2**48))
    def something_happens(self, seed: int) -> None:
        random = Random(seed)
        deeds: dict[Callable[[Random], None], int] = {
            self.the_receiver_acts: 10,
            self.the_sender_asks: 5,
            self.something_arrives: 3,
            self.everything_arrives: 2,
            self.time_passes: 4,
            self.somebody_looks: 1,
            self.another_one_is_sent: 1,
        }
        random.choices(list(deeds), list(deeds.values()))[0](random)

    def the_receiver_acts(self, random: Random) -> None:
        """Somebody there does what the table offers them; when something stands against it, nothing has changed."""
        if self.life.received is None:
            self.life.arrive(0)
        name = random.choice(list(LEVELS))
        offered = self.world.offers(self.life, "receiver", name)
        if offered:
            transition = _chosen(random, offered)
            written = body(random, transition, self.world.clock.time)
            before = self.life.received.model_dump()
            who = self.world.who(self.life.sent.receiver, name)
            if not tried(lambda: self.life.act(who, transition.action, written)):
                assert self.life.received.model_dump() == before

    def the_sender_asks(self, random: Random) -> None:
        """Somebody there asks, knowing how things stand or going by what was known."""
        if random.random() < 0.5:
            self.everything_arrives(random)
        name, life = random.choice(list(LEVELS)), self.life
        offered = self.world.offers(life, "sender", name)
        if offered and not life.asking:
            transition = _chosen(random, offered)
            written = body(random, transition, self.world.clock.time)
            who = self.world.who(life.sent.agency, name)
            asked = tried(lambda: life.ask(who, transition.action, written, self.world.next_id()))
            if asked and transition.action == "accept_redirect":
                lineage = (*life.sent.lineage, life.sent.receiver)
                self.world.send(life.sent.agency, life.sent.suggestion or "", lineage)

    def something_arrives(self, random: Random) -> None:
        """Any message, late or early, for the first time or again."""
        life = random.choice(self.world.lives)
        ways: list[tuple[int, Callable[[int], None]]] = [
            (len(life.to_receiver), life.arrive),
            (len(life.to_sender), life.told),
            (len(life.to_path), lambda index: self.world.to_path(life, index)),
        ]
        waiting, take = random.choice([way for way in ways if way[0]])
        take(random.randrange(waiting))
        invariants.the_copy_is_its_facts(life)

    def everything_arrives(self, random: Random) -> None:
        self.world.arrive()
        for life in self.world.lives:
            invariants.the_copy_is_its_facts(life)
            invariants.whoever_came_first_has_won(life)
            invariants.nobody_is_forgotten(life, self.world.agenda)
            invariants.all_know_the_same(life, self.world.agenda)

    def time_passes(self, random: Random) -> None:
        """Minutes to a month; a claim may lapse, and what falls due is told."""
        self.world.go_on(timedelta(hours=random.choice((0, 1, 24, 24, 72, 30 * 24)), minutes=1))
        self.life.lapse()
        before = self._offered()
        self.world.ring()
        invariants.overdue_blocks_nothing(before, self._offered())

    def somebody_looks(self, random: Random) -> None:
        if self.life.received is not None and self.life.received.seen_at is None and self.life.status == "delivered":
            self.life.see()

    def another_one_is_sent(self, random: Random) -> None:
        """Anew, to the same institution, when nothing can come of the last one."""
        if self.life.status in ("withdrawn", "no_response", "voided", "declined"):
            self.world.send(self.life.sent.agency, self.life.sent.receiver, tuple(self.life.sent.lineage))

    def _offered(self) -> list[Any]:
        return [self.world.offers(self.life, side, name) for side in ("sender", "receiver") for name in LEVELS]

    @invariant()
    def everything_holds(self) -> None:
        type(self).steps += 1
        for life in self.world.lives[-2:]:
            for holds in invariants.AT_EVERY_MOMENT:
                holds(life)
            invariants.handing_back_is_a_handover(life, {each.id for each in self.world.lives})
            for step in life.steps[-2:]:
                invariants.nothing_happens_by_itself(step)
        invariants.each_notice_once(self.world.notices)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            invariants.history_replays(self.world.history, self.world.agenda)


def _chosen(random: Random, offered: Sequence[Transition]) -> Transition:
    """One of these; what ends a case less often than what goes on with it, so that cases get old, and least often what
    would end nearly all of them: a withdrawal, a mistake."""
    going_on = [row for row in offered if row.target in ("same", "previous", "redirected") or is_open(row.target)]
    ending = [row for row in offered if row.target not in ("withdrawn", "voided")]
    return random.choice([*going_on * 3, *ending * 2, *offered])


def test_everything_holds_whatever_people_do_and_whenever_messages_come(capsys: pytest.CaptureFixture[str]) -> None:
    stories = settings(
        max_examples=STEPS // AT_ONCE + 20,
        stateful_step_count=AT_ONCE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with in_memory():
        run_state_machine_as_test(Lifecycle, settings=stories)
    with capsys.disabled():
        sys.stdout.write(f"\n{Lifecycle.steps} steps, and every invariant held\n")
    assert Lifecycle.steps >= STEPS
