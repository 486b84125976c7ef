"""The picture of a path: as a whole, and cut to what one institution may see of it. Pure."""

from datetime import datetime
from uuid import UUID

from contracts.base import Slug
from contracts.codes import Stage
from contracts.directory import Agency, Directory
from contracts.paths import DeadlineView, PathView, TimelineEntry
from workflows.agenda import MOVED, Agenda, Course
from workflows.watch import Watch

SEES_OWN_PART = ("owes",)
"""Kinds of institution that see of a path only their own referrals."""


def pictures(state: Agenda, directory: Directory) -> list[tuple[Agency, PathView]]:
    """The picture for every institution that sends or receives a referral of the path and is in the directory."""
    whole = view(state)
    slugs = sorted({slug for course in state.courses for slug in (course.sender, course.receiver)})
    agencies = [agency for slug in slugs if (agency := directory.find(slug)) is not None]
    return [(agency, cut(whole, state, agency)) for agency in agencies]


def cut(whole: PathView, state: Agenda, agency: Agency) -> PathView:
    """What this institution may see of the whole."""
    taking_part = _takes_part(state, agency.slug)
    if taking_part and agency.kind not in SEES_OWN_PART:
        return whole
    own = {course.id for course in state.courses if agency.slug in (course.sender, course.receiver)}
    part = {
        "deadlines": tuple(deadline for deadline in whole.deadlines if deadline.referral_id in own),
        "timeline": tuple(entry for entry in whole.timeline if entry.referral_id in own),
    }
    ended: dict[str, object] = {} if taking_part else {"stage": "closed", "custodian": None, "ball": None}
    return whole.model_copy(update=part | ended)


def _takes_part(state: Agenda, slug: Slug) -> bool:
    """Whoever sent a referral does, and whoever decides on one, leads one or has brought one to its outcome. For an
    institution that refused or handed back, or whose referral was withdrawn or cancelled, the path has ended there:
    where the person goes next is no longer its business."""
    return any(
        slug == course.sender or (slug == course.receiver and (course.open or course.status == "completed"))
        for course in state.courses
    )


def view(state: Agenda) -> PathView:
    """The path as an institution that may see all of it sees it."""
    return PathView(
        path_id=state.path_id,
        version=state.version,
        stage=stage(state),
        custodian=_custodian(state),
        ball=_ball(state),
        deadlines=tuple(_shown(watch) for watch in state.watches),
        timeline=tuple(
            TimelineEntry(at=entry.at, type=entry.type, agency=entry.agency, referral_id=entry.referral_id)
            for entry in state.timeline
            if entry.type != MOVED  # nobody did it; each deadline tells what has moved it
        ),
    )


def _shown(watch: Watch) -> DeadlineView:
    deadline = watch.deadline
    return DeadlineView(
        id=deadline.id,
        rule=deadline.rule,
        referral_id=deadline.referral_id,
        owner=deadline.owner,
        due_at=deadline.due_at,
        status=watch.status,
        basis=deadline.basis,
        derivation=deadline.derivation,
        basis_text=deadline.basis_text,
        moved=watch.moved,
        rule_version=deadline.rule_version,
    )


def stage(state: Agenda) -> Stage:
    """How far the path has come: as far as the furthest of what goes on; when nothing does, as far as it ever came."""
    if not state.courses:
        return "referred"
    going_on = [_stage(course) for course in state.courses if course.open]
    if going_on:
        return max(going_on, key=_ORDER.index)
    return "completed" if any(course.status == "completed" for course in state.courses) else "closed"


_ORDER: tuple[Stage, ...] = ("applied", "referred", "accepted", "main")

_PROGRAMMES = ("statutory_cis", "kis")
"""Kinds of referral to a programme in which one takes part, unlike a service that is rendered."""


def _stage(course: Course) -> Stage:
    if course.is_application:
        return "applied"
    if not course.accepted:
        return "referred"
    return "main" if course.started and course.kind in _PROGRAMMES else "accepted"


def _custodian(state: Agenda) -> Slug | None:
    """Of what goes on, whoever custody last moved to, or whoever leads the oldest when it never moved.

    When nothing goes on, the institution that began the path: no case is left to nobody.
    """
    going_on = [course for course in state.courses if course.open]
    moved = [(course.moved_at, str(course.id), course.custodian) for course in going_on if course.moved_at]
    if moved:
        return max(moved)[2]
    if going_on:
        return going_on[0].custodian
    first = next(iter(state.courses), None)
    return None if first is None else _began(first)


def _began(first: Course) -> Slug:
    """Whose path it is: an application begins it at the OPS that it came to."""
    return first.receiver if first.is_application else first.sender


def _ball(state: Agenda) -> Slug | None:
    """Whose move it is: on the open referral whose deadline comes first, otherwise on the oldest."""
    first: dict[UUID, tuple[datetime, str]] = {}
    for watch in state.watches:
        if watch.pending:
            first.setdefault(watch.deadline.referral_id, watch.key)
    waiting = [course for course in state.courses if course.turn is not None]
    with_deadline = [course for course in waiting if course.id in first]
    if with_deadline:
        return min(with_deadline, key=lambda course: first[course.id]).turn
    return waiting[0].turn if waiting else None
