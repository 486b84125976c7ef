"""The broken variants, as data: what is changed where, and which tests are to notice."""

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Mutant(BaseModel):
    """One broken variant: in `file` the text `healthy`, which occurs there once, becomes `broken`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    why: str = Field(description="What people would suffer")
    file: str
    healthy: str
    broken: str
    tests: tuple[str, ...] = Field(min_length=1)

    def infect(self, tree: Path) -> None:
        """Break the copy of the code in `tree`. Raises ValueError when the code has moved on."""
        path = tree / self.file
        code = path.read_text(encoding="utf-8")
        if code.count(self.healthy) != 1:
            raise ValueError(f"{self.name}: the text to break occurs {code.count(self.healthy)} times in {self.file}")
        path.write_text(code.replace(self.healthy, self.broken), encoding="utf-8")


def catalogue() -> tuple[Mutant, ...]:
    raw = files("mutants").joinpath("mutants.toml").read_text(encoding="utf-8")
    return tuple(Mutant.model_validate(entry) for entry in tomllib.loads(raw)["mutants"])
