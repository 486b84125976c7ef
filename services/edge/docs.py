"""`/docs`: the public interface as a page, from the same OpenAPI document that programs read.

FastAPI's own page loads its scripts from somebody else's server; a page on which people paste tokens must not.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from services.edge.first_steps import first_steps
from services.edge.openapi import operations

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f }
h2 { margin-top: 2.2rem; border-top: 1px solid #ccc; padding-top: 1rem } code, pre { font-size: .92rem }
pre { background: #f4f4f5; padding: .8rem; overflow-x: auto } .verb { font-weight: 700 }
table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; vertical-align: top }
summary { cursor: pointer } a { color: #0b4f9e }
"""


def page(document: Mapping[str, Any]) -> str:
    """The page for an OpenAPI document."""
    every = "".join(_operation(*each) for each in operations(document))
    models = "".join(_model(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    title = escape(document["info"]["title"])
    return f"""<!doctype html>
<html lang="pl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: API</title><style>{_STYLE}</style></head>
<body><main>
<h1>{title}</h1>
<p>Każde wywołanie: <code>Authorization: Bearer TOKEN</code>. Dokument dla programów:
<a href="/openapi.json">OpenAPI</a>; zdarzenia: <a href="/asyncapi">AsyncAPI</a>.<br>
<span lang="en">Every call carries the token; programs read OpenAPI and AsyncAPI.</span></p>
{first_steps()}{every}<h2 id="models">Modele / <span lang="en">Models</span></h2>
{models}
</main></body>
</html>
"""


def _operation(verb: str, path: str, operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{_type(each['schema'])}</td></tr>"
        for each in operation.get("parameters", ())
    )
    parameters = f"<table>{rows}</table>" if rows else ""
    answers = "".join(_answer(status, answer) for status, answer in operation["responses"].items())
    return f"""<h2><span class="verb">{verb}</span> <code>{escape(path)}</code></h2>
<p>{escape(operation["summary"])}<br><span lang="en">{escape(operation.get("description", ""))}</span></p>
{parameters}{_request(operation)}<ul>{answers}</ul>
"""


def _answer(status: str, answer: Mapping[str, Any]) -> str:
    """A refusal is always the same document, so its body is told of at the beginning of the page only."""
    body = "" if status >= "400" else _bodies(answer)
    return f"<li><code>{escape(status)}</code> {escape(answer['description'])}{body}</li>"


def _request(operation: Mapping[str, Any]) -> str:
    body = operation.get("requestBody")
    return f"<p>Treść / <span lang='en'>body</span>:{_bodies(body)}</p>" if body else ""


def _bodies(holder: Mapping[str, Any]) -> str:
    """The types of a body with their schemas and examples."""
    return "".join(
        f" <code>{escape(media_type)}</code> {_type(content.get('schema', {}))}{_examples(content)}"
        for media_type, content in holder.get("content", {}).items()
    )


def _examples(content: Mapping[str, Any]) -> str:
    examples = dict(content.get("examples", {}))
    if "example" in content:
        examples["przykład"] = {"summary": "Przykład / Example", "value": content["example"]}
    return "".join(
        f"<details><summary>{escape(each['summary'])}</summary>"
        f"<pre>{escape(json.dumps(each['value'], ensure_ascii=False, indent=2))}</pre></details>"
        for each in examples.values()
    )


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, with a link to the model it names."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if "properties" in schema:
        return ", ".join(f"<code>{escape(name)}</code>" for name in schema["properties"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if key in schema))


def _model(name: str, schema: Mapping[str, Any]) -> str:
    text = escape(json.dumps(schema, ensure_ascii=False, indent=2))
    described = escape(schema.get("description", ""))
    summary = f'<code>{escape(name)}</code> <span lang="en">{described}</span>'
    return f'<details id="{escape(name)}"><summary>{summary}</summary><pre>{text}</pre></details>\n'
