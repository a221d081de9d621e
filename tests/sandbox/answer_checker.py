"""Checks an answer of the sandbox against Stripe's own schema and sample object."""

from typing import Any

from sandbox.stripe.contract import document, resolve, samples

Json = dict[str, Any]
_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def findings(value: Any, schema: Json, at: str = "") -> list[str]:
    """Return what does not fit: fields missing, invented, mistyped, null where they may not be."""
    nullable = schema.get("nullable") or resolve(schema).get("nullable")
    schema = resolve(schema)
    if value is None:
        return [] if nullable or not schema else [f"{at}: null"]
    options = schema.get("anyOf", ())
    if options:
        return min(
            (findings(value, option, at) for option in options if _may_be(value, option)),
            key=len,
            default=[at],
        )
    if "properties" in schema or schema.get("type") == "object":
        return _object(value, schema, at)
    if schema.get("type") == "array":
        return _array(value, schema, at)
    return _scalar(value, schema, at)


def _may_be(value: Any, option: Json) -> bool:
    kinds = resolve(option).get("properties", {}).get("object", {}).get("enum")
    return not (isinstance(value, dict) and kinds and value.get("object") not in kinds)


def _object(value: Any, schema: Json, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: {type(value).__name__} instead of an object"]
    known, free = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value]
    for name, inner in value.items():
        if name in known:
            found += findings(inner, known[name], f"{at}.{name}")
        elif isinstance(free, dict):
            found += findings(inner, free, f"{at}.{name}")
        elif known:
            found.append(f"{at}.{name}: invented")
    sample = samples().get(str(value.get("object")), {})
    if not value.get("deleted"):
        found += [
            f"{at}.{name}: in Stripe's sample"
            for name in sample
            if _is_due(name, known) and name not in value
        ]
    return found


def _is_due(name: str, known: Json) -> bool:
    inner = resolve(known.get(name, {}))
    return name in known and inner.get("properties", {}).get("object", {}).get("enum") != ["list"]


def _array(value: Any, schema: Json, at: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{at}: {type(value).__name__} instead of an array"]
    return [fault for item in value for fault in findings(item, schema["items"], f"{at}[]")]


def _scalar(value: Any, schema: Json, at: str) -> list[str]:
    wanted = _SCALARS.get(schema.get("type", ""))
    is_wrong = wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted))
    if is_wrong or ("enum" in schema and value not in schema["enum"]):
        return [f"{at}: {value!r}"]
    return []


def error_schema() -> Json:
    """Return the schema of every answer of status 400 and above."""
    schema: Json = document()["components"]["schemas"]["error"]
    return schema
