"""`python -m tests.lifecycle`: how many states were looked at, and how long nobody may know at most."""

from rich.console import Console
from rich.table import Table

from tests.lifecycle.courses import COURSES
from tests.lifecycle.silence import bound, faults, world

table = Table("Course", "States", "Faults", "Steps", "Working days")
for course in COURSES:
    under = world(course)
    longest = bound(under)
    numbers = (sum(1 for _ in under.explore()), len(set(faults(under))), longest.steps, longest.working_days)
    table.add_row(course, *map(str, numbers))
Console().print(table)
