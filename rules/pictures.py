"""`python -m rules.pictures`: the lifecycle of each kind of referral, drawn from its table into docs/lifecycle."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from contracts.codes import Language, ReferralKind, Side, Status
from rules.kinds import kinds
from rules.lifecycle_table import Entry, State, table
from rules.reasons import reasons
from rules.roles import roles

WHERE = Path(__file__).parent.parent / "docs" / "lifecycle"
PL: Language = "pl"
EN: Language = "en"

BACK = {"previous": "the state before", "same": "no change"}
TOGETHER: dict[str, tuple[str, tuple[Status, ...]]] = {
    "before": (
        "Każdy stan przed decyzją<br>Any state before the decision",
        ("submitted", "delivered", "in_review", "info_requested", "redirect_proposed"),
    ),
    "at_receiver": ("Dostarczone lub rozpatrywane<br>Delivered or in review", ("delivered", "in_review")),
    "taken": (
        "Każdy stan po przyjęciu<br>Any state after the acceptance",
        ("accepted", "waitlisted", "scheduled", "no_show", "in_service"),
    ),
}
"""States drawn as one: an action that is open to all of them is one arrow, and what goes back to any of them is too."""

TITLES = ("Up to the decision", "The decision", "After the acceptance", "Pauses, ways out, and back")

COLOURS: dict[Side, str] = {"sender": "#1d70b8", "receiver": "#00703c", "system": "#767676"}

NOTED: tuple[Status, ...] = ("voided",)
"""States that are told of below the picture."""

NOBODY = "—"

Arrows = dict[tuple[str, str, str, Side], list[str]]
"""Source, kind of arrow, target and side, with the actions that go this way."""

Group = tuple[Entry, tuple[Status, ...]]
"""A transition of this kind, and the states it leaves from."""


def page(kind: ReferralKind) -> str:
    """The picture of one kind, and its table."""
    return "\n".join((*_head(kind), "", *_pictures(kind), "", *_table(kind), "", *_states(kind), ""))


def pages() -> dict[Path, str]:
    """Every page by its file."""
    return {WHERE / f"{kind}.md": page(kind) for kind in get_args(ReferralKind)}


def _head(kind: ReferralKind) -> Iterator[str]:
    wording = kinds().by_code[kind].wording
    yield f"# {wording[EN][0].upper()}{wording[EN][1:]} ({wording[PL]})"
    yield ""
    yield "<!-- Written by `python -m rules.pictures` from rules/transitions; do not edit. -->"
    yield ""
    yield "Blue: the sender does it, or asks for it. Green: the receiver. Grey: the system. Round: it has ended."
    yield "A dashed arrow goes back to the state before. Numbers are the rows of the table below."


def _pictures(kind: ReferralKind) -> Iterator[str]:
    parts: list[Arrows] = [{} for _ in TITLES]
    for arrow, labels in _arrows(kind).items():
        parts[_part(arrow[0], arrow[2])][arrow] = labels
    for title, arrows in zip(TITLES, parts, strict=True):
        if arrows:
            yield f"## {title}"
            yield ""
            yield from _picture(arrows)
            yield ""
    yield f"Not drawn: what only notes something, and {_names(NOTED)}, which may follow on nearly every state."
    yield ""
    yield "## All transitions"


def _part(source: str, target: str) -> int:
    """In which of the pictures this arrow is."""
    before = ("draft", "opinion_pending", *TOGETHER["before"][1])
    if source in ("before", "at_receiver"):
        return 1
    if source in before:
        return 0 if target in before else 1
    return 2 if {source, target} <= set(TOGETHER["taken"][1]) else 3


def _picture(arrows: Arrows) -> Iterator[str]:
    yield "```mermaid"
    yield "flowchart LR"
    yield from map(_box, dict.fromkeys(end for source, _, target, _ in arrows for end in (source, target)))
    for (source, arrow, target, _), labels in arrows.items():
        yield f'    {source} {arrow}|"{"<br>".join(labels)}"| {target}'
    for side, colour in COLOURS.items():
        numbers = [str(number) for number, (*_, drawn) in enumerate(arrows) if drawn == side]
        if numbers:
            yield f"    linkStyle {','.join(numbers)} stroke:{colour},color:{colour}"
    yield "```"


def _box(name: str) -> str:
    if name in TOGETHER:
        return f'    {name}{{{{"{TOGETHER[name][0]}"}}}}'
    state = next(state for state in table().states.values() if state.code == name)
    words = f'"{state.wording[PL]}<br>{state.wording[EN]}"'
    return f"    {name}[{words}]" if state.open else f"    {name}([{words}])"


def _arrows(kind: ReferralKind) -> Arrows:
    """All that is drawn of this kind."""
    found: Arrows = {}
    known = {state.code for state in _of(kind)}
    for entry, sources in _groups(kind):
        transition = entry.transition
        if transition.target == "same" or transition.target in NOTED:
            continue
        label = f"{transition.row} {transition.wording[EN]}"
        for source in _gathered(sources, known):
            arrow, target = ("-.->", "taken") if transition.target == "previous" else ("-->", transition.target)
            labels = found.setdefault((source, arrow, target, entry.side), [])
            labels += [] if label in labels else [label]
    return found


def _gathered(sources: tuple[Status, ...], known: set[Status]) -> Iterator[str]:
    """Those drawn as one that are all among these, and the states beside them."""
    left = set(sources)
    for name, (_, codes) in TOGETHER.items():
        inside = set(codes) & known
        if len(inside) > 1 and inside <= left:
            yield name
            left -= inside
    yield from (source for source in sources if source in left)


def _table(kind: ReferralKind) -> Iterator[str]:
    yield "| Row | From | Action | To | Side | Who | Asks for | Guards | Tells |"
    yield "| ---: | --- | --- | --- | --- | --- | --- | --- | --- |"
    for entry, sources in _groups(kind):
        transition = entry.transition
        target = BACK.get(transition.target) or _name(transition.target)
        custody = "<br>**in charge from then on**" if transition.moves_custody else ""
        cells = (
            str(transition.row),
            _names(sources),
            f"{_words(entry)}<br>`{transition.action}`{custody}",
            target,
            entry.side,
            ", ".join(role.wording[EN] for role in roles().values() if role.code in entry.roles) or NOBODY,
            _asked(entry),
            ", ".join(guard.replace("_", " ") for guard in transition.guards) or NOBODY,
            f"`{transition.tells}`" if transition.tells else NOBODY,
        )
        yield f"| {' | '.join(cells)} |"


def _asked(entry: Entry) -> str:
    transition = entry.transition
    reason = f"reason ({len(reasons(transition.reasons))}: `{transition.reasons}`)" if transition.reasons else None
    optional = [f"({name})" for name in transition.optional]
    return ", ".join(filter(None, (*transition.fields, reason, *optional))) or NOBODY


def _states(kind: ReferralKind) -> Iterator[str]:
    yield "| State | Words | The ball is with | FHIR Task.status |"
    yield "| --- | --- | --- | --- |"
    for state in _of(kind):
        ball = f"the {state.ball}" if state.open else "nobody: it has ended"
        yield f"| `{state.code}` | {state.wording[PL]} ({state.wording[EN]}) | {ball} | `{state.fhir}` |"


def _groups(kind: ReferralKind) -> list[Group]:
    """The transitions of this kind in the order of the table; the same one from several states once."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in table().entries.values():
        if entry.kind == kind:
            transition = entry.transition
            key = (transition.row, transition.action, transition.target, entry.side, transition.guards)
            found.setdefault(key, []).append(entry)
    ordered = sorted(found.values(), key=lambda entries: entries[0].transition.row)
    return [(entries[0], tuple(entry.status for entry in entries)) for entries in ordered]


def _of(kind: ReferralKind) -> list[State]:
    """The states that this kind knows, in the order of the table."""
    named = {entry.status for entry, _ in _groups(kind)} | {
        status for entry, sources in _groups(kind) for status in (*sources, entry.transition.target)
    }
    return [state for state in table().states.values() if state.code in named]


def _words(entry: Entry) -> str:
    return f"{entry.transition.wording[PL]} ({entry.transition.wording[EN]})"


def _name(status: str) -> str:
    return f"`{status}`"


def _names(statuses: tuple[Status, ...]) -> str:
    return ", ".join(map(_name, statuses))


if __name__ == "__main__":
    WHERE.mkdir(exist_ok=True)
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
