"""The landing page tells who is where, in plain HTML that needs nothing from elsewhere."""

import re

from contracts.directory import Directory
from stack.institutions import ensure_directory
from stack.landing import page
from tests.servers import data_folder


def _directory() -> Directory:
    with data_folder() as data:
        return ensure_directory(data)


def _page(*, training: bool = False) -> str:
    return page(_directory(), "127.0.0.1", 8000, training)


def test_every_institution_of_the_directory_is_on_the_page() -> None:
    html = _page()
    assert [agency.slug for agency in _directory().agencies if f"<code>{agency.slug}</code>" not in html] == []


def test_each_node_is_linked_at_the_port_after_the_one_before() -> None:
    ports = re.findall(r'href="http://127\.0\.0\.1:(\d+)/docs"', _page())
    assert ports == ["8001", "8002", "8003", "8004"]


def test_a_training_stack_says_so_and_a_real_one_does_not() -> None:
    assert "Środowisko szkoleniowe" in _page(training=True)
    assert "Środowisko szkoleniowe" not in _page()


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    assert re.findall(r"<(?:script|link|img|iframe)|url\(|@import", _page()) == []
