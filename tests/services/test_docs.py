"""The page about the public interface: everything that answers is on it, and it needs nothing from elsewhere."""

import re

from tests.nodes import Network


async def test_every_route_and_every_model_of_the_interface_is_on_the_page(network: Network) -> None:
    client = network.client_of("ops-poraj")
    html = (await client.get("http://node/docs")).text
    document = (await client.get("http://node/openapi.json")).json()
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in html] == []
    assert [model for model in document["components"]["schemas"] if f'<details id="{model}"' not in html] == []


async def test_the_page_runs_no_script_and_forbids_any(network: Network) -> None:
    answer = await network.client_of("ops-poraj").get("http://node/docs")
    assert re.findall(r"<(?:script|link|img|iframe)|url\(|@import", answer.text) == []
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_refusals_are_documented_as_the_problems_they_are(network: Network) -> None:
    document = (await network.client_of("ops-poraj").get("http://node/openapi.json")).json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for item in document["paths"].values():
        for operation in item.values():
            assert {"401", "404", "409", "422"} <= set(operation["responses"])


async def test_the_page_begins_with_the_first_steps_and_shows_examples(network: Network) -> None:
    html = (await network.client_of("ops-poraj").get("http://node/docs")).text
    (first, *_) = re.findall(r"<h2[^>]*>(.*?)</h2>", html, re.DOTALL)
    assert first.startswith("Pierwsze skierowanie w kwadrans")
    shown = re.findall(r"<details><summary>(.*?)</summary><pre>(.*?)</pre>", html, re.DOTALL)
    assert len(shown) > 25
    assert all(summary and body for summary, body in shown)
