"""Parameters: decoded from Stripe's bracket form, checked against its OpenAPI document, turned into values.

Arrays and hashes: https://docs.stripe.com/api/expanding_objects; codes: https://docs.stripe.com/error-codes
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.contract import resolve
from sandbox.stripe.errors import ApiError, invalid
from sandbox.worlds import Json

_RETIRED = {"payment_method_types": "payment_method_types_no_longer_supported"}


def decode(text: str) -> Json:
    """Return `a[b][0]=x` as `{"a": {"b": {"0": "x"}}}`; arrays become lists when they are checked."""
    root: Json = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        head, _, rest = key.partition("[")
        node, names = root, [head, *re.findall(r"([^\[\]]*)\]", rest)]
        for name in names[:-1]:
            node = _step(node, name)
        node[names[-1] or str(len(node))] = value
    return root


def _step(node: Json, name: str) -> Json:
    inner = node.setdefault(name or str(len(node)), {})
    if not isinstance(inner, dict):
        raise _refuse(f"Invalid object: {name}", name)
    return inner


def check(raw: Json, schema: Json) -> Json:
    """Return the values of `raw` in the types that `schema` gives. :raises ApiError: they do not fit."""
    for name, code in _RETIRED.items():
        if name in raw and name not in schema.get("properties", {}):
            message = f"The parameter `{name}` is no longer supported. Use `allowed_{name}` instead."
            raise _refuse(message, name, code)
    checked: Json = _object(raw, schema, "")
    return checked


def _value(raw: Any, schema: Json, at: str) -> Any:
    schema = resolve(schema)
    if "anyOf" in schema:
        return _any_of(raw, schema["anyOf"], at)
    kind = schema.get("type", "object" if "properties" in schema else None)
    if kind == "object":
        return _object(raw, schema, at)
    if kind == "array":
        return _array(raw, schema, at)
    if isinstance(raw, dict):
        raise _refuse(f"Invalid {kind}: {raw}", at)
    if "enum" in schema and raw not in schema["enum"]:
        choices = " or ".join(filter(None, schema["enum"]))
        raise _refuse(f"Invalid {at}: must be one of {choices}", at)
    return _scalar(raw, schema, kind, at)


def _any_of(raw: Any, options: list[Json], at: str) -> Any:
    """Take the first alternative that fits; else blame the one of the right shape."""
    refusals: list[tuple[bool, ApiError]] = []
    for option in options:
        try:
            return _value(raw, option, at)
        except ApiError as error:
            is_deep = resolve(option).get("type") in ("object", "array")
            refusals.append((is_deep != isinstance(raw, dict), error))
    raise min(refusals, key=lambda refusal: refusal[0])[1]


def _object(raw: Any, schema: Json, at: str) -> Json:
    if not isinstance(raw, dict):
        raise _refuse("Invalid object", at)
    known, free = schema.get("properties", {}), schema.get("additionalProperties")
    values: Json = {}
    for name, value in raw.items():
        here = f"{at}[{name}]" if at else name
        inner = known.get(name, free)
        if not isinstance(inner, dict):
            raise _refuse(f"Received unknown parameter: {here}", here, "parameter_unknown")
        values[name] = _value(value, inner, here)
    for name in schema.get("required", []):
        if name not in raw:
            here = f"{at}[{name}]" if at else name
            raise _refuse(f"Missing required param: {here}.", here, "parameter_missing")
    return values


def _array(raw: Any, schema: Json, at: str) -> list[Any]:
    if not isinstance(raw, dict) or not all(name.isdecimal() for name in raw):
        raise _refuse("Invalid array", at)
    return [_value(raw[name], schema["items"], f"{at}[{name}]") for name in sorted(raw, key=int)]


def _scalar(raw: str, schema: Json, kind: str | None, at: str) -> Any:
    if kind == "boolean":
        if raw not in ("true", "false"):
            raise _refuse(f"Invalid boolean: {raw}", at, "parameter_invalid_boolean")
        return raw == "true"
    if kind == "integer":
        if not re.fullmatch(r"-?\d{1,18}", raw):
            raise _refuse(f"Invalid integer: {raw}", at, "parameter_invalid_integer")
        return int(raw)
    if kind == "number":
        if not re.fullmatch(r"-?\d+(\.\d+)?", raw):
            raise _refuse(f"Invalid decimal: {raw}", at)
        return float(raw)
    if raw == "" and "enum" not in schema:
        return _empty(at)
    if len(raw) > schema.get("maxLength", len(raw)):
        raise _refuse(f"Invalid string: {at} may have {schema['maxLength']} characters at most", at)
    return raw


def _empty(at: str) -> str:
    """Let an empty string unset a metadata key; elsewhere only the document's own `""` may be empty."""
    if at.startswith("metadata["):
        return ""
    message = (
        f"You passed an empty string for '{at}'. We assume empty values are an attempt to unset a parameter;"
        f" however '{at}' cannot be unset. You should remove '{at}' from your request or supply a non-empty"
        " value."
    )
    raise _refuse(message, at, "parameter_invalid_empty")


def _refuse(message: str, param: str, code: str | None = None) -> ApiError:
    return invalid(message, code=code, param=param or None, is_stored=False)
