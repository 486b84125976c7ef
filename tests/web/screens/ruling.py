"""What administrators see."""

from tests.web.screens.registry import Screen

ADMIN = ("ops-poraj", "ADMIN")

SCREENS = (
    Screen("accounts", ADMIN, "/accounts"),
    Screen("account-new", ADMIN, "/accounts/new"),
    Screen("operator", ADMIN, "/operator", picture=True),
    Screen("password", ADMIN, "/password"),
)
