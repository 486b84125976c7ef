"""`/docs`: the public interface as a page, from the same OpenAPI document that programs read.

FastAPI's own page loads its scripts from somebody else's server; a page on which people paste tokens must not.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f }
h2 { margin-top: 2.2rem; border-top: 1px solid #ccc; padding-top: 1rem } code, pre { font-size: .92rem }
pre { background: #f4f4f5; padding: .8rem; overflow-x: auto } .verb { font-weight: 700 }
table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; vertical-align: top }
summary { cursor: pointer } a { color: #0b4f9e }
"""


def page(document: Mapping[str, Any]) -> str:
    """The page for an OpenAPI document."""
    operations = "".join(
        _operation(verb, path, operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
    )
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
{operations}<h2 id="models">Modele / <span lang="en">Models</span></h2>
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
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    request = f"<p>Treść / <span lang='en'>body</span>: {_type(body['schema'])}</p>" if body else ""
    answers = "".join(
        f"<li><code>{escape(status)}</code> {_type(_schema(answer))}</li>"
        for status, answer in operation["responses"].items()
    )
    return f"""<h2><span class="verb">{verb.upper()}</span> <code>{escape(path)}</code></h2>
<p lang="en">{escape(operation.get("description", ""))}</p>{parameters}{request}<ul>{answers}</ul>
"""


def _schema(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, with a link to the model it names."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if key in schema))


def _model(name: str, schema: Mapping[str, Any]) -> str:
    text = escape(json.dumps(schema, ensure_ascii=False, indent=2))
    described = escape(schema.get("description", ""))
    summary = f'<code>{escape(name)}</code> <span lang="en">{described}</span>'
    return f'<details id="{escape(name)}"><summary>{summary}</summary><pre>{text}</pre></details>\n'
