"""Every screen of the desk in every state, for the checks that hold for all of them. One file per group of pages."""

from tests.web.screens import accounts, applying, cases, intake, lists, places, referring, ruling, strangers
from tests.web.screens.registry import Screen

SCREENS: tuple[Screen, ...] = (
    *strangers.SCREENS,
    *lists.SCREENS,
    *places.SCREENS,
    *referring.SCREENS,
    *cases.SCREENS,
    *applying.SCREENS,
    *ruling.SCREENS,
    *accounts.SCREENS,
    *intake.SCREENS,
)
