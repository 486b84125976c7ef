"""Which tests stay together, and in what order they are begun, when several processes share them.

A file's tests share what they start; some folders have servers of their own, which are then started once. What takes
longest is begun first: otherwise one process is still at it when the others have nothing left.
"""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

FOLDERS = ("tests/kit", "tests/stack", "tests/workflows")
"""With servers of their own."""

LONGEST = (
    "tests/stack",
    "tests/kit",
    "tests/desk/test_rules_page.py",
    "tests/services/test_moved_deadlines.py",
    "tests/faults/test_faults.py",
    "tests/web/test_screens.py",
    "tests/web/test_stories.py",
    "tests/services/test_schemathesis.py",
    "tests/web/test_trouble.py",
    "tests/web/test_tasks.py",
    "tests/workflows",
    "tests/services/test_dead_letters.py",
    "tests/services/test_import_work.py",
    "tests/services/test_canary.py",
    "tests/faults/test_crashes.py",
    "tests/faults/test_import_crash.py",
    "tests/system/test_survival.py",
    "tests/services/test_actions.py",
    "tests/web/test_frame.py",
)
"""Over twenty seconds each, the longest first; but first of those on common servers the ones that change rules,
which move every deadline that tests have begun until then."""

_ROOT = Path(__file__).parents[1]
_PLACES = {unit: place for place, unit in enumerate(LONGEST)}


def unit_of(nodeid: str) -> str:
    """The file of a test, or the folder that stays together."""
    file = nodeid.partition("::")[0]
    folder = file.rpartition("/")[0]
    return folder if folder in FOLDERS else file


class Together(LoadScopeScheduling):
    """Whole units, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    assert [unit for unit in LONGEST if not (_ROOT / unit).exists()] == []
    # As written within a file: pytest would begin with all tests that run on the loop, of every file.
    items.sort(key=lambda item: (_PLACES.get(unit_of(item.nodeid), len(LONGEST)), item.path, item.location[1] or 0))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    config.option.loadscopereorder = False  # it would begin with many tests, not with long ones
    return Together(config, log)
