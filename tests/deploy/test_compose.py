"""compose.yaml: valid, complete, closed to the outside, and in step with the code it runs."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from contracts.subjects import PATH_NODE, schemas_of
from stack.cli import app
from stack.institutions import ensure_directory
from stack.nodes import institutions, ports_of
from tests.deploy.files import ROOT, compose, defaults, example, services, with_defaults

OURS = "sciezka:"


def ours() -> dict[str, dict[str, Any]]:
    """The containers of our own image, by name."""
    return {name: service for name, service in services().items() if service["image"].startswith(OURS)}


def arguments(service: dict[str, Any]) -> dict[str, Any]:
    """What our command line understands of a container's command, with the name of the command. Raises UsageError."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    name, *rest = service["command"]
    command = group.commands[name]
    return {"command": name, **command.make_context(name, list(rest)).params}


def served() -> list[tuple[str, str]]:
    """Node and service of every container that serves one."""
    found = [arguments(service) for service in ours().values()]
    return [(one["node"], one["service"]) for one in found if one["command"] == "serve"]


def test_compose_file_is_valid_by_the_compose_specification() -> None:
    program = Path(sysconfig.get_path("scripts")) / "check-jsonschema"
    command: list[str | Path] = [
        sys.executable,
        program,
        "--builtin-schema",
        "vendor.compose-spec",
        ROOT / "compose.yaml",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_service_of_every_node_has_exactly_one_container(tmp_path: Path) -> None:
    nodes = ensure_directory(tmp_path).nodes
    assert sorted(served()) == sorted((node, service) for node in nodes for service in schemas_of(node))


def test_exactly_one_container_runs_the_worker() -> None:
    assert [arguments(service)["command"] for service in ours().values()].count("worker") == 1


def test_containers_are_named_after_the_node_and_the_service_they_run() -> None:
    named = {name: arguments(service) for name, service in ours().items()}
    serving = {name: f"{one['node']}-{one['service']}" for name, one in named.items() if one["command"] == "serve"}
    assert list(serving) == list(serving.values())


def test_what_serves_listens_beyond_the_loopback_of_its_container() -> None:
    hosts = {arguments(service).get("host", "0.0.0.0") for service in ours().values()}
    assert hosts == {"0.0.0.0"}


def test_only_edges_and_desks_are_published_on_loopback_and_edges_where_the_credentials_have_them(
    tmp_path: Path,
) -> None:
    first = arguments(ours()["setup"])["port"]
    ports = ports_of(ensure_directory(tmp_path), first)
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    edges = {f"{node}-edge": [f"127.0.0.1:{ports[node]}:8000"] for node in institutions(ports)}
    desks = {f"{node}-desk": [f"127.0.0.1:{ports[node] + 10}:8000"] for node in institutions(ports)}
    assert published == edges | desks


def test_each_desk_asks_the_edge_of_its_own_node() -> None:
    asked = {
        name: service["environment"].get("EDGE_URL") for name, service in ours().items() if "environment" in service
    }
    desks = {name: url for name, url in asked.items() if url is not None}
    assert desks == {f"{node}-desk": f"http://{node}-edge:8000" for node, service in served() if service == "desk"}


@pytest.mark.parametrize("name", services())
def test_dependencies_exist_and_can_meet_their_condition(name: str) -> None:
    for target, wanted in services()[name].get("depends_on", {}).items():
        other = services()[target]
        if wanted["condition"] == "service_healthy":
            assert "healthcheck" in other, target
        else:
            assert wanted["condition"] == "service_completed_successfully"
            assert other["restart"] == "no", target


@pytest.mark.parametrize("name", services())
def test_what_does_not_end_by_itself_is_checked_and_started_again(name: str) -> None:
    service = services()[name]
    assert (service["restart"] == "unless-stopped") == ("healthcheck" in service)


@pytest.mark.parametrize("name", services())
def test_container_is_confined_and_has_time_to_end(name: str) -> None:
    service = services()[name]
    assert service["init"] is True
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["stop_grace_period"] == "30s"
    assert int(service["user"].split(":")[0]) > 0


@pytest.mark.parametrize("name", services())
def test_image_is_pinned_to_a_version(name: str) -> None:
    _, _, tag = with_defaults(services()[name]["image"]).partition(":")
    assert tag.split("-")[0].count(".") >= 1
    assert tag[0].isdigit()


def test_versions_in_the_example_are_the_defaults() -> None:
    settings = example()
    assert {name: {settings[name]} for name in defaults()} == defaults()


def test_passwords_have_no_default() -> None:
    settings = example()
    assert {name for name, value in settings.items() if not value} == {"POSTGRES_PASSWORD", "TEMPORAL_DB_PASSWORD"}


def test_only_postgres_and_the_setup_job_know_the_password_of_the_administrator() -> None:
    knowing = {name for name, service in services().items() if "POSTGRES_PASSWORD:?" in str(service.get("environment"))}
    assert knowing == {"postgres", "setup"}


def test_services_may_only_read_the_data_folder() -> None:
    for name, service in ours().items():
        if service["restart"] != "no":
            assert service["volumes"] == ["data:/data:ro"], name


def test_only_the_path_reaches_temporal() -> None:
    reaching = {name for name, service in ours().items() if "clock" in service.get("networks", [])}
    assert reaching == {PATH_NODE}
    assert services()["temporal"]["networks"] == ["clock"]


def test_only_edges_and_desks_are_on_a_network_that_leads_out() -> None:
    inner = {name for name, network in compose()["networks"].items() if network.get("internal")}
    outside = {name for name, service in services().items() if set(service.get("networks", [])) - inner}
    assert outside == {f"{node}-{service}" for node, service in served() if service in ("edge", "desk")}


def test_mounted_files_are_there() -> None:
    mounts = [mount.split(":")[0] for service in services().values() for mount in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith("./")]
    assert files
    assert [mount for mount in files if not (ROOT / mount).exists()] == []


def test_volumes_are_declared() -> None:
    mounts = {mount.split(":")[0] for service in services().values() for mount in service.get("volumes", [])}
    assert {mount for mount in mounts if not mount.startswith("./")} == set(compose()["volumes"])
