"""Stripe's own description of its API, as far as we serve it: parameters, answers, sample objects.

Source: https://github.com/stripe/openapi (MIT), trimmed; see `sandbox/data/README.md`.
"""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.copying import copied
from sandbox.worlds import Json

DATA = Path(__file__).resolve().parent.parent / "data"


@functools.cache
def document() -> Json:
    """Return the trimmed OpenAPI document."""
    loaded: Json = json.loads((DATA / "openapi.json").read_text())
    return loaded


@functools.cache
def samples() -> dict[str, Json]:
    """Return Stripe's sample object of each kind that we serve."""
    loaded: dict[str, Json] = json.loads((DATA / "samples.json").read_text())
    return loaded


def version() -> str:
    """Return the API version that is served: `2026-10-28.endive`."""
    return str(document()["info"]["version"])


def schema_of(kind: str) -> Json:
    """Return the schema of an object kind."""
    found: Json = document()["components"]["schemas"][kind]
    return found


def resolve(schema: Json) -> Json:
    """Follow `$ref` to the schema that is meant."""
    while "$ref" in schema:
        schema = schema_of(schema["$ref"].rpartition("/")[2])
    return schema


def operations() -> Iterator[tuple[str, str, Json]]:
    """Yield (method, path template, operation) of all that is served."""
    for path, verbs in document()["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation


def parameters(method: str, operation: Json) -> Json:
    """Return the schema of an operation's parameters, of the form body or of the query."""
    content: Json = operation.get("requestBody", {}).get("content", {})
    forms: list[Json] = list(content.values())
    body = resolve(forms[0].get("schema", {})) if forms else {}
    if method == "POST":
        return body
    query = [given for given in operation.get("parameters", []) if given["in"] == "query"]
    names = {given["name"]: given["schema"] for given in query}
    return {"type": "object", "properties": {**names, **body.get("properties", {})}}


def answer_schema(operation: Json) -> Json:
    """Return the schema of an operation's successful answer."""
    content = operation["responses"]["200"]["content"]
    found: Json = next(iter(content.values()))["schema"]
    return found


@functools.cache
def _blank(kind: str) -> Json:
    known = schema_of(kind)["properties"]
    blank: Json = {}
    for name, value in samples()[kind].items():
        schema = known.get(name)
        if schema is None or _is_list(schema):
            continue
        blank[name] = None if _nullable(schema) else value
    return blank


def blank(kind: str, **fields: Any) -> Json:
    """Return a new object with every field of Stripe's sample: null where that may be, the sample's else.

    Lists inside an object (a charge's `refunds`) are left out: Stripe sends them only when they are expanded.
    """
    made = {**copied(_blank(kind)), "object": kind, **fields}
    return {**made, "livemode": False} if "livemode" in made else made


def _nullable(schema: Json) -> bool:
    return bool(schema.get("nullable") or resolve(schema).get("nullable"))


def _is_list(schema: Json) -> bool:
    kind: Json = resolve(schema).get("properties", {}).get("object", {})
    return kind.get("enum") == ["list"]
