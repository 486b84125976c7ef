"""All rules of deadlines and counters as a page for people, made from the data: docs/deadlines.md.

`python -m rules.overview` prints it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence

from contracts.paths import RuleKind
from rules.book import FILES
from rules.counters import Counter, counters
from rules.data import Dated
from rules.derivation import length_text
from rules.events import events
from rules.reading import rules_of
from rules.roles import roles
from rules.rule import DeadlineRule
from rules.source import shipped_source

_HEAD = """# Deadlines

Made from the tables in `rules/deadlines` by `python -m rules.overview`; a test holds that this page is current. What
the fields mean: the head of [referral.toml](../rules/deadlines/referral.toml). How dates are computed:
[decision 0037](decisions/0037-the-deadline-calculus.md).

**law**: an act sets the term, and no institution may change it unless the row says so. **practice**: offices and
projects do it so. **service level**: chosen by us; also where an act only says "at once". *Evidence* says how well the
row is established; `recalled` and `older text` want to be read against the act before anybody relies on them.

Terms marked ↷ end on the next working day when they would end on a Saturday or a holiday; those marked ▮ are periods,
whose first day counts and which are never moved; the clock of those marked ⏸ can stand still.
"""

_TITLES = {
    "deadlines/referral.toml": "Referrals",
    "deadlines/application.toml": "Applications at the OPS",
    "deadlines/programme.toml": "The programme in CIS and KIS",
    "deadlines/labour_office.toml": "The labour office",
    "deadlines/employment.toml": "Work after the programme",
    "deadlines/project.toml": "Projects and follow-up",
    "deadlines/office.toml": "CIS and KIS as offices",
    "deadlines/kpa.toml": "Administrative procedure",
}

_KINDS: dict[RuleKind, str] = {"law": "law", "practice": "practice", "service_level": "service level"}
_COLUMNS = ("Rule", "Term", "From → until", "Who", "Kind, evidence", "In force", "Basis")
_COUNTER_COLUMNS = ("Counter", "Limit", "Told at", "In force", "Basis and consequence")


def page() -> str:
    """The whole page, in English with the Polish names beside them."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    tables = {file: rules_of([shipped_source(file)]) for file in FILES}
    yield _counts([rule for found in tables.values() for rule in found])
    for file, found in tables.items():
        yield f"\n## {_TITLES[file]}\n\n[{file}](../rules/{file})\n"
        yield from _table(_COLUMNS, (_row(rule) for rule in found))
    yield "\n## Counters\n\n[counters.toml](../rules/counters.toml): thresholds, no dates.\n"
    yield from _table(_COUNTER_COLUMNS, (_counter_row(counter) for counter in counters()))
    yield ""


def _counts(rules: Sequence[DeadlineRule]) -> str:
    of_kind = ", ".join(f"{sum(rule.kind == kind for rule in rules)} {name}" for kind, name in _KINDS.items())
    names = len({rule.id for rule in rules})
    return f"{names} rules in {len(rules)} versions ({of_kind}), {len(counters())} versions of counters."


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _cells(columns)
    yield _cells(["---"] * len(columns))
    yield from map(_cells, rows)


def _cells(texts: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', '/') for text in texts)} |"


def _row(rule: DeadlineRule) -> tuple[str, ...]:
    described = f" ({', '.join(rule.described)})" if rule.described else ""
    return (
        f"`{rule.id}` {rule.version}{described}<br>{rule.wording['en']}<br>*{rule.wording['pl']}*",
        _term(rule),
        f"{_named(rule.starts)} → {_named(rule.ends)}",
        _who(rule),
        f"{_KINDS[rule.kind]}, {rule.evidence.replace('_', ' ')}{_remarks(rule)}",
        _in_force(rule),
        f"{rule.basis['en']}<br>*{rule.basis['pl']}*",
    )


def _term(rule: DeadlineRule) -> str:
    lengths = [length_text(rule.length["normal"])["en"]]
    if rule.length["urgent"] != rule.length["normal"]:
        lengths.append(f"urgent: {length_text(rule.length['urgent'])['en']}")
    signs = (" ↷" if rule.roll_forward else "") + (" ▮" if rule.period else "") + (" ⏸" if rule.stops else "")
    steps = ", ".join(f"{step.at.text} {step.audience}" for step in rule.ladder)
    return f"{'; '.join(lengths)}{signs}<br>{steps}"


def _named(codes: Iterable[str]) -> str:
    return ", ".join(events()[code].wording["en"] for code in codes)


def _who(rule: DeadlineRule) -> str:
    role = f", {roles()[rule.role].wording['en']}" if rule.role else ""
    bound = f"; binds {rule.bound['en']}" if rule.bound else ""
    return f"{rule.owner}{role}{bound}"


def _remarks(rule: DeadlineRule) -> str:
    found = []
    if rule.meaning != "duty":
        found.append({"end": "something ends then", "earliest": "possible from then"}[rule.meaning])
    if rule.kind == "law" and rule.overriding != "none":
        found.append({"shorter": "may be set shorter", "any": "may be set otherwise"}[rule.overriding])
    if rule.applies:
        found.append(f"applies to {rule.applies.replace('_', ' ')}")
    return "".join(f"<br>{text}" for text in found)


def _in_force(row: Dated) -> str:
    return f"from {row.valid_from}" + (f"<br>to {row.valid_to}" if row.valid_to else "")


def _counter_row(of: Counter) -> tuple[str, ...]:
    more = f" and up to {of.more} more with an extension" if of.more else ""
    before = f"<br>and {of.warn_before} days before the end" if of.warn_before else ""
    running = "<br>also for cases that run" if of.applies == "running_cases" else ""
    return (
        f"`{of.id}` ({', '.join(of.described)})<br>{of.wording['en']}<br>*{of.wording['pl']}*",
        f"{of.limit} per {of.per}{more}",
        ", ".join(map(str, of.warn_at)) + before,
        _in_force(of) + running,
        f"{of.basis['en']}<br>*{of.basis['pl']}*<br>{of.consequence['en']}",
    )


if __name__ == "__main__":
    sys.stdout.write(page())
