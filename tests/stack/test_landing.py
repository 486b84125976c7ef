"""The landing page: who is where, and on a training stack who may sign in."""

import re
from pathlib import Path

from contracts.directory import Directory
from stack.credentials import Credentials, ensure_credentials
from stack.institutions import ensure_directory
from stack.landing import desks, page
from stack.nodes import ports_of, urls_of
from tests.servers import data_folder


def _directory() -> Directory:
    with data_folder() as data:
        return ensure_directory(data)


def _people(data: Path) -> Credentials:
    directory = _directory()
    return ensure_credentials(data, directory, urls_of(ports_of(directory, 8000)), training=True)


def _page(people: Credentials, *, training: bool) -> str:
    return page(desks(_directory(), "127.0.0.1", 8000, people), training)


def test_every_institution_of_the_directory_is_on_the_page() -> None:
    html = _page({}, training=False)
    assert [agency.name for agency in _directory().agencies if agency.name not in html] == []


def test_each_desk_is_linked_at_the_port_at_which_its_node_serves() -> None:
    ports = ports_of(_directory(), 8000)
    linked = dict(
        re.findall(r'<h2[^>]* id="(\w+)".*?href="http://127\.0\.0\.1:(\d+)/"', _page({}, training=False), re.DOTALL)
    )
    assert linked == {node: str(port) for node, port in ports.items() if node != "path"}


def test_a_training_stack_says_so_and_a_real_one_does_not(tmp_path: Path) -> None:
    assert "Środowisko szkoleniowe" in _page(_people(tmp_path), training=True)
    assert "Środowisko szkoleniowe" not in _page({}, training=False)


def test_a_training_stack_names_its_people_and_sends_their_passwords_by_post_only(tmp_path: Path) -> None:
    people = _people(tmp_path)
    html = _page(people, training=True)
    every = [user for entry in people.values() for user in entry["users"]]
    assert [user["login"] for user in every if user["login"] not in html or user["name"] not in html] == []
    assert html.count('method="post"') == html.count("<form") == len(every)
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', html))
    assert [user["login"] for user in every if user["password"] in addresses] == []


def test_the_page_runs_nothing_and_loads_what_is_its_own() -> None:
    html = _page({}, training=False)
    assert re.findall(r"<(?:script|iframe)|@import|style=", html) == []
    assert all(each.startswith("/assets/") for each in re.findall(r'<(?:link|img)[^>]*(?:href|src)="([^"]*)"', html))
