"""Lists of work: full, empty, and narrowed to nothing."""

from tests.web.screens import things
from tests.web.screens.registry import Screen, after

EMPTY = ("cis-kozieglowy", "CIS_SOCIAL_WORKER")
"""Somebody to whom no other screen sends anything."""

SCREENS = (
    Screen("work", things.CIS_WORKER, after("/work", things.delivered, things.in_review), picture=True),
    Screen("work-of-the-head", things.CIS_HEAD, after("/work?whose=all", things.delivered)),
    Screen("work-empty", EMPTY, "/work"),
    Screen("inbox", things.CIS_WORKER, after("/inbox", things.delivered, things.in_review), picture=True),
    Screen("inbox-in-charge", things.CIS_HEAD, after("/inbox?state=in_charge", things.in_service, things.waitlisted)),
    Screen("inbox-waitlisted", things.CIS_HEAD, after("/inbox?state=waitlisted", things.waitlisted)),
    Screen("inbox-empty", EMPTY, "/inbox"),
    Screen("sent", things.WORKER, after("/sent", things.asked, things.declined, things.accepted), picture=True),
    Screen("sent-empty", EMPTY, "/sent"),
    Screen("sent-narrowed", EMPTY, "/sent?state=declined"),
    Screen("drafts", things.ADVISER, after("/drafts", things.draft)),
    Screen("drafts-empty", EMPTY, "/drafts"),
    Screen("notices", things.WORKER, after("/notices", things.direct), picture=True),
    Screen("notices-empty", EMPTY, "/notices"),
    Screen("notices-given", things.ADVISER, after("/notices?box=given", things.direct)),
    Screen("rules", things.WORKER, "/rules"),
    Screen("rules-unfolded", things.CIS_WORKER, "/rules?unfolded=1"),
    Screen("rules-moved", things.CIS_WORKER, after("/rules/moved", things.moved)),
    Screen("rules-moved-empty", EMPTY, "/rules/moved"),
    Screen("institutions", things.WORKER, "/institutions"),
    Screen("institution", things.CIS_HEAD, "/institution"),
)
