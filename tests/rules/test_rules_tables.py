"""A bad table is refused when it is read, by file and row."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, time
from typing import Any

import pytest

from rules import (
    applications_table,
    calendar,
    counters,
    derivation,
    eligibility,
    events,
    kinds,
    letters,
    limits,
    notices,
    reasons,
    roles,
    sharing,
)
from rules.data import RulesError, read

Change = Callable[[dict[str, Any]], object]

CASES: list[tuple[Any, Change, str]] = [
    (
        roles,
        lambda raw: raw["roles"].append(raw["roles"][0]),
        r"roles\.toml.* row 21: OPS_SOCIAL_WORKER is given twice",
    ),
    (roles, lambda raw: raw["roles"].pop(10), r"owes has no role of level head"),
    (kinds, lambda raw: raw["kinds"].pop(0), r"no row for statutory_cis"),
    (kinds, lambda raw: raw["kinds"][2]["senders"].remove("owes"), r"no kind of referral from owes to pup"),
    (reasons, lambda raw: raw["reasons"][0].update({"group": "mood"}), r"reasons\.toml.* row 1: unknown group mood"),
    (reasons, lambda raw: raw["reasons"].append(raw["reasons"][0]), r"no_place.* is given twice"),
    (limits, lambda raw: raw["limits"].append(raw["limits"][0]), r"claim_lease_working_days has two versions"),
    (
        limits,
        lambda raw: raw["limits"].insert(1, raw["limits"][0] | {"valid_from": date(2020, 1, 1)}),
        r"row 2: claim_lease_working_days has two versions",
    ),
    (
        limits,
        lambda raw: raw["limits"].insert(1, raw["limits"][0] | {"valid_from": date(2030, 1, 1)}),
        r"row 2: claim_lease_working_days has two .* on one day",
    ),
    (
        limits,
        lambda raw: raw["limits"][0].update({"valid_to": date(2024, 12, 31)}),
        r"row 1: claim_lease_working_days ends before it begins",
    ),
    (limits, lambda raw: raw["limits"][0].update({"value": 0}), r"limits\.toml, \[\[limits\]\] row 1: value"),
    (eligibility, lambda raw: raw["conditions"].append(raw["conditions"][0]), r"ground_required has two versions"),
    (
        eligibility,
        lambda raw: raw["conditions"].append(raw["conditions"][1] | {"kinds": ["kis"]}),
        r"row \d+: other_ground_required has two versions",
    ),
    (eligibility, lambda raw: raw["conditions"][0].update({"kinds": []}), r"\[\[conditions\]\] row 1: kinds"),
    (eligibility, lambda raw: raw["benefits"].pop(), r"\[benefits\]: no row for teacher_compensation"),
    (eligibility, lambda raw: raw["benefits"].append(raw["benefits"][0]), r"unemployment_benefit has two versions"),
    (calendar, lambda raw: raw["months"]["en"].pop(), r"calendar\.toml, \[months\]: en"),
    (calendar, lambda raw: raw["office_hours"].update({"closes": time(7)}), r"\[office_hours\]: closes before"),
    (calendar, lambda raw: raw["digest"].pop("at"), r"calendar\.toml, \[digest\]: at"),
    (events, lambda raw: raw["events"].append(raw["events"][0]), r"events\.toml.*: submitted is given twice"),
    (events, lambda raw: raw["events"][0].update({"subject": "weather"}), r"\[\[events\]\] row 1: subject"),
    (derivation, lambda raw: raw["templates"].pop("eom"), r"derivation\.toml, \[templates\]: eom"),
    (derivation, lambda raw: raw["units"]["d"].update({"pl": ["dzień"]}), r"\[units\]: units\.d\.pl"),
    (counters, lambda raw: raw["counters"][0].update({"counts": "dreamt"}), r"row 1: unknown event dreamt"),
    (counters, lambda raw: raw["counters"][0].update({"warn_at": [4]}), r"row 1: a warning lies beyond the limit"),
    (counters, lambda raw: raw["counters"][1].pop("valid_to"), r"sick_days has two versions in force on one day"),
    (calendar, lambda raw: raw["days_off"][1].update({"weekday": 6}), r"row 2: 6 is given twice"),
    (
        applications_table,
        lambda raw: raw["applicants"].append(raw["applicants"][0]),
        r"applications\.toml.* row 9: person is given twice",
    ),
    (applications_table, lambda raw: raw["states"].pop(), r"\[states\]: no row for withdrawn"),
    (
        applications_table,
        lambda raw: raw["states"][0].pop("clock"),
        r"row 1: an open state, and no other, has an event",
    ),
    (applications_table, lambda raw: raw["states"][5].update({"clock": "opinion_given"}), r"row 6: an open state"),
    (applications_table, lambda raw: raw["transitions"][1].update({"from": ["limbo"]}), r"row 2: from"),
    (
        applications_table,
        lambda raw: raw["transitions"][5].update({"reasons": "whim"}),
        r"row 6: unknown list of reasons",
    ),
    (
        applications_table,
        lambda raw: raw["transitions"][0].update({"roles": ["CIS_HEAD"]}),
        r"row 1: no role CIS_HEAD in",
    ),
    (applications_table, lambda raw: raw["errors"].pop("opinion_negative"), r"\[errors\]: opinion_negative"),
    (applications_table, lambda raw: raw["fields"]["party_unknown"].pop("en"), r"\[fields\]: texts\.party_unknown"),
    (notices, lambda raw: raw["kinds"].pop(), r"notices\.toml, \[kinds\]: no row for application_outcome"),
    (notices, lambda raw: raw["kinds"][0]["letter"].append("{shoe_size}"), r"row 1: a letter knows no shoe_size"),
    (notices, lambda raw: raw["words"].pop("addressee"), r"\[words\]: addressee"),
    (letters, lambda raw: raw["letters"].pop(), r"letters\.toml, \[letters\]: no row for receipt"),
    (letters, lambda raw: raw["letters"][0].update({"opening": "{shoe_size}"}), r"row 1: there is no shoe_size"),
    (letters, lambda raw: raw["letters"][0].pop("basis"), r"row 1: there is no basis"),
    (letters, lambda raw: raw["steps"].pop("claim"), r"\[steps\]: claim"),
    (letters, lambda raw: raw["grounds"].pop("OTHER"), r"\[grounds\]: no words for OTHER"),
    (letters, lambda raw: raw["grounds"].update({"SHOE_SIZE": "42"}), r"letters\.toml, \[grounds\]: "),
    (sharing, lambda raw: raw["rows"][0]["fields"].remove("sex"), r"or in none: sex"),
    (sharing, lambda raw: raw["rows"][1]["fields"].append("sex"), r"a field is in two rows"),
    (sharing, lambda raw: raw["rows"][0]["fields"].append("shoe_size"), r"row 1: the dossier has no field shoe_size"),
    (sharing, lambda raw: raw["rows"][0]["share"].pop("owes_service"), r"row 1: channels .*owes_service"),
    (sharing, lambda raw: raw["rows"][0]["share"].update({"owes_service": "town"}), r"row 1: town is only for address"),
    (sharing, lambda raw: raw["rows"][0].update({"preview": "consent"}), r"row 1: a preview does not depend"),
    (sharing, lambda raw: raw["channels"].pop(), r"no channel for service to owes"),
    (sharing, lambda raw: raw["channels"][-1].pop("contents"), r"row 8: contents of files go to owes_service"),
    (sharing, lambda raw: raw["rows"][0]["why"].pop("pl"), r"sharing\.toml, \[\[rows\]\] row 1: why"),
]


@pytest.mark.parametrize(("module", "change", "message"), CASES, ids=[case[2] for case in CASES])
def test_a_bad_table_is_refused_by_file_and_row(module: Any, change: Change, message: str) -> None:
    raw = deepcopy(read(module.FILE))
    module.build(raw)
    change(raw)
    with pytest.raises(RulesError, match=message):
        module.build(raw)
