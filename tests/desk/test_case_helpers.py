"""What the case pages make of a referral and a path: the way, words for what happened, what was looked for."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args
from uuid import UUID, uuid4

import pytest

from contracts.api import DeadlineItem, Path, Referral, TimelineItem
from contracts.codes import Stage, Status
from contracts.directory import Directory
from contracts.events import REGISTRY, ApplicationEvent, ReferralFact
from rules.deadlines import table
from services.desk.case.around import Due
from services.desk.case.events import DEADLINES, WORDS
from services.desk.case.looking import wanted
from services.desk.case.person import age, called, masked
from services.desk.case.picture import HEIGHT, WIDTH, picture
from services.desk.case.standing import knows
from services.desk.case.stations import WAY, stations
from services.desk.case.timeline import agencies, entries

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
CASE = UUID(int=7)


def _path(stage: Stage, *types: str, agency: str = "cis-poraj") -> Path:
    timeline = tuple(
        TimelineItem(at=START + timedelta(hours=hour), type=type_, agency=agency, referral_id=CASE)
        for hour, type_ in enumerate(types)
    )
    return Path(
        id=uuid4(),
        stage=stage,
        custodian=None,
        ball=None,
        next_deadline=None,
        deadlines=(),
        timeline=timeline,
        version=1,
        as_of=START,
    )


def test_every_event_of_a_path_has_words() -> None:
    names = {model.name for model in REGISTRY.values() if issubclass(model, ReferralFact | ApplicationEvent)}
    assert set(WORDS) == names | {"submitted"}


def test_every_deadline_has_a_name() -> None:
    assert set(DEADLINES) == {rule.id for rule in table().rules if rule.subject in ("referral", "application")}


@pytest.mark.parametrize("stage", [stage for stage in get_args(Stage) if stage != "closed"])
def test_a_person_stands_at_one_station_with_those_before_behind_and_the_rest_ahead(stage: Stage) -> None:
    found = stations(_path(stage, "application_registered", "submitted", "accepted"))
    assert [station.code for station in found if station.state == "here"] == [stage]
    order = list(WAY)
    for station in found:
        if station.code != stage:
            assert station.state == ("behind" if order.index(station.code) < order.index(stage) else "ahead")


def test_a_trial_of_which_nobody_told_is_never_behind_a_person_in_service() -> None:
    found = stations(_path("main", "submitted", "accepted", "started"))
    assert [(each.code, each.state) for each in found[:3]] == [
        ("referred", "behind"),
        ("accepted", "behind"),
        ("main", "here"),
    ]
    assert found[2].since == START + timedelta(hours=2)


def test_a_way_that_ended_with_an_outcome_shows_no_job_that_nobody_told_of() -> None:
    found = stations(_path("closed", "submitted", "accepted", "started", "completed"))
    assert [each.code for each in found] == ["referred", "accepted", "main", "completed"]


def test_stations_tell_since_when() -> None:
    found = {station.code: station for station in stations(_path("accepted", "submitted", "delivered", "accepted"))}
    assert found["referred"].since == START
    assert found["accepted"].since == START + timedelta(hours=2)
    assert found["trial"].since is None


def test_of_several_acceptances_the_last_one_counts_for_the_first_was_undone() -> None:
    path = _path("accepted", "submitted", "accepted", "decision_undone", "accepted")
    assert next(each for each in stations(path) if each.code == "accepted").since == START + timedelta(hours=3)


def test_an_acceptance_that_was_undone_was_never_reached() -> None:
    path = _path("closed", "submitted", "accepted", "decision_undone", "declined")
    assert [each.code for each in stations(path)] == ["referred"]


def test_a_way_without_an_application_begins_with_the_referral() -> None:
    assert stations(_path("referred", "submitted"))[0].code == "referred"
    assert stations(_path("referred", "application_registered", "submitted"))[0].code == "applied"


def test_a_closed_path_ends_where_it_came_to() -> None:
    found = stations(_path("closed", "application_registered", "application_refused"))
    assert [(station.code, station.state) for station in found] == [("applied", "behind")]


def test_the_picture_has_its_stones_in_the_frame_and_its_line_broken_where_the_person_stands() -> None:
    way = stations(_path("accepted", "submitted", "accepted"))
    drawn = picture(way, [station.name for station in way])
    assert [stone.station for stone in drawn.stones] == list(way)
    assert all(0 < stone.x < WIDTH and 0 < stone.y < HEIGHT for stone in drawn.stones)
    here = next(stone for stone in drawn.stones if stone.station.state == "here")
    assert drawn.walked.endswith(f"{here.x} {here.y}")
    assert drawn.ahead.startswith(f"M{here.x} {here.y}")
    xs = [stone.x for stone in drawn.stones]
    assert min(right - left for left, right in pairwise(xs)) >= 105  # room for the names


def test_the_timeline_is_newest_first_and_can_be_narrowed() -> None:
    directory = Directory(agencies=())
    path = _path("referred", "submitted", "delivered")
    assert [entry.what for entry in entries(path, directory, {}, None)] == [WORDS["delivered"], WORDS["submitted"]]
    assert entries(path, directory, {}, "ops-poraj") == []
    assert agencies(path, directory) == [("cis-poraj", "cis-poraj")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("S26-7K2M-4P9A", {"number": "S26-7K2M-4P9A"}),
        ("s26 7k2m 4p9a", {"number": "S26-7K2M-4P9A"}),
        ("44 05 14 01359", {"person": {"pesel": "44051401359"}}),
        ("Kowalska Anna", {"person": {"name": "Kowalska Anna"}}),
        ("Sylwia", {"person": {"name": "Sylwia"}}),
        (
            "Anna Kowalska 5.06.1980",
            {"person": {"given_name": "Anna", "family_name": "Kowalska", "birth_date": "1980-06-05"}},
        ),
    ],
)
def test_one_field_takes_a_number_a_pesel_or_names(typed: str, found: dict[str, object]) -> None:
    read = wanted(typed)
    assert read is not None
    assert {name: value for name, value in vars(read).items() if value is not None} == found


def test_nothing_typed_looks_for_nobody() -> None:
    assert wanted("  ") is None


def test_an_age_is_in_full_years() -> None:
    assert (age(date(1980, 6, 2), date(2026, 6, 1)), age(date(1980, 6, 1), date(2026, 6, 1))) == (45, 46)


def test_of_a_pesel_only_the_end_is_shown() -> None:
    assert masked("44051401359") == "•••••••1359"


def test_a_name_is_told_as_far_as_it_is_known() -> None:
    assert (called("Anna", "Nowak"), called(None, "Nowak"), called(None, None)) == ("Anna Nowak", "Nowak", "")


def _referral(status: Status) -> Referral:
    return Referral(
        id=CASE,
        path_id=uuid4(),
        number="S26-0RD9-8GFA",
        sender="ops-poraj",
        receiver="cis-poraj",
        kind="service",
        urgency="normal",
        status=status,
        version=1,
        custodian=None,
        available_actions=(),
    )


@pytest.mark.parametrize(
    ("types", "status", "known"),
    [
        (("submitted", "delivered", "seen"), "delivered", True),
        (("submitted", "delivered"), "in_review", False),
        (("submitted", "delivered", "claimed"), "accepted", False),
        (("submitted", "delivered", "claimed", "released"), "delivered", True),
        (("delivered", "submitted"), "delivered", True),  # the sender's clock is ahead
        ((), "submitted", False),
    ],
)
def test_a_path_knows_a_referral_by_the_entry_that_led_to_its_state(
    types: tuple[str, ...], status: Status, known: bool
) -> None:
    assert knows(_path("referred", *types), _referral(status)) is known


def test_what_other_cases_on_the_path_did_tells_nothing_of_this_one() -> None:
    other = _referral("accepted").model_copy(update={"id": UUID(int=8)})
    assert not knows(_path("accepted", "submitted", "accepted"), other)


def test_a_term_is_counted_in_working_days() -> None:
    item = DeadlineItem(
        id=uuid4(),
        rule="decision",
        referral_id=CASE,
        owner="cis-poraj",
        due_at=START + timedelta(days=8),
        status="open",
        basis="",
        derivation="",
    )
    assert Due("", "", "", item).working_days(START) == 5  # from Monday to Tuesday of next week, less Corpus Christi
