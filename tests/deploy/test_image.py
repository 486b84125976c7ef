"""The image: what goes into it, and that it holds what a service needs and nothing of the embedded servers."""

import re
import tomllib

from tests.deploy.files import ROOT, example, pins, services, text

PROJECT = tomllib.loads(text("pyproject.toml"))
COPIED = re.findall(r"^COPY (\w+) \1$", text("deploy/Dockerfile"), re.MULTILINE)


def test_image_holds_exactly_our_packages() -> None:
    checking = {"oracle"}  # it judges the product and is no part of it
    assert set(COPIED) == set(PROJECT["tool"]["importlinter"]["root_packages"]) - checking
    assert all((ROOT / package / "__init__.py").exists() for package in COPIED)


def test_builder_is_given_only_what_the_image_needs() -> None:
    allowed = re.findall(r"^!(\S+)$", text("deploy/Dockerfile.dockerignore"), re.MULTILINE)
    assert sorted(allowed) == sorted([*COPIED, "requirements-service.lock", ".ci/assets", ".ci/node.lock"])
    assert "\n*\n" in text("deploy/Dockerfile.dockerignore")


def test_pages_are_built_from_the_same_locks_as_in_a_tree_and_never_taken_from_one() -> None:
    built = text("deploy/Dockerfile")
    assert "RUN sh .ci/assets python /fetched\n" in built
    assert "COPY --from=pages /tree/services/desk/built services/desk/built\n" in built
    assert "\nservices/desk/built\n" in text("deploy/Dockerfile.dockerignore")


def test_image_is_named_after_the_version_of_the_project() -> None:
    assert services()["prepare"]["image"] == f"sciezka:{PROJECT['project']['version']}"


def test_image_stands_on_the_same_python_as_the_example() -> None:
    assert f"ARG PYTHON_VERSION={example()['PYTHON_VERSION']}\n" in text("deploy/Dockerfile")


def test_image_runs_as_the_user_that_compose_names() -> None:
    assert f"USER {services()['prepare']['user']}\n" in text("deploy/Dockerfile")


def test_service_lock_holds_the_versions_of_the_whole_lock() -> None:
    whole = pins("requirements.lock")
    assert {name: whole.get(name) for name in pins("requirements-service.lock")} == pins("requirements-service.lock")


def test_service_lock_names_every_direct_dependency_and_none_of_the_extras() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements}

    locked = set(pins("requirements-service.lock"))
    assert names(PROJECT["project"]["dependencies"]) <= locked
    for extra in PROJECT["project"]["optional-dependencies"].values():
        assert names(extra) & locked <= {"requests"}  # the exporter of traces stands on it as well


def test_every_locked_package_has_a_hash() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", text("requirements-service.lock"), flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
