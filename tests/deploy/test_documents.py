"""Documents that can be held against the code: what they point at exists, and what they list is what is there."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from rules.lifecycle_table import table
from stack.cli import app
from stack.front import INTERFACE
from tests.deploy.files import ROOT, pins, text

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "deploy/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PROJECT = tomllib.loads(text("pyproject.toml"))["project"]
_FOLDERS = r"(?:contracts|rules|services|workflows|stack|tests|deploy|docs|bench)"


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_files_that_are_named_exist(document: Path) -> None:
    paths = re.findall(rf"`({_FOLDERS}(?:/[\w.-]+)*/?)[`:]", document.read_text(encoding="utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(decision.name[:4]) for decision in decisions] == list(range(1, len(decisions) + 1))
    assert [named(decision) for decision in decisions if len(decision.read_text().splitlines()) > 60] == []


def test_every_direct_dependency_is_listed_with_its_locked_version() -> None:
    extras = PROJECT["optional-dependencies"].values()
    requirements = [*PROJECT["dependencies"], *(requirement for extra in extras for requirement in extra)]
    direct = {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements}
    listed = dict(re.findall(r"^\| ([a-z][\w-]*) \| (\S+) \| \d{4}-\d\d-\d\d \|", text("docs/dependencies.md"), re.M))
    locked = pins("requirements.lock")
    assert listed == {name: locked[name] for name in direct}


def test_every_direct_dependency_of_the_pages_is_listed_with_its_locked_version() -> None:
    packages = json.loads(text("services/desk/assets/package-lock.json"))["packages"]
    direct = (*packages[""]["dependencies"], *packages[""]["devDependencies"])
    rows = r"^\| `([@a-z][\w@/.-]*)` \| (\S+) \| \d{4}-\d\d-\d\d \|"
    listed = dict(re.findall(rows, text("docs/dependencies.md"), re.M))
    assert listed == {name: packages[f"node_modules/{name}"]["version"] for name in direct}
    for name, version in pins(".ci/node.lock").items():
        assert f"`{name}` {version} " in text("docs/dependencies.md")


def test_images_are_listed_with_their_versions() -> None:
    listed = text("docs/dependencies.md")
    versions = re.findall(r"^(?:PYTHON|POSTGRES|NATS|TEMPORAL)_VERSION=(\S+)$", text("deploy/.env.example"), re.M)
    assert len(versions) == 4
    assert [version for version in versions if f"| {version} |" not in listed] == []


def test_readme_lists_every_command() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    rows = "\n".join(re.findall(r"^\| (`.*?) \|", text("README.md"), re.M))
    assert [name for name in group.commands if f"`{name}" not in rows] == []


def test_operations_name_every_address_that_a_proxy_gives_to_the_interface() -> None:
    assert [address for address in INTERFACE if f"`{address}`" not in text("docs/operations.md")] == []


def test_lifecycle_in_the_architecture_names_every_action() -> None:
    section = text("docs/architecture.md").split("## The life of a referral")[1].split("## ")[0]
    actions = {entry.transition.action for entry in table().entries.values()}
    shown = {action for row in re.findall(r"^\| .+? \| ([a-z_, ]+) \|", section, re.M) for action in row.split(", ")}
    assert shown == actions
