"""`expand`: ids replaced by the objects they name. https://docs.stripe.com/api/expanding_objects"""

from collections.abc import Callable
from typing import Any

from sandbox.copying import copied
from sandbox.stripe import balance
from sandbox.stripe.billing import invoice_payments
from sandbox.stripe.contract import resolve, schema_of
from sandbox.stripe.errors import ApiError, invalid
from sandbox.stripe.lists import page_of
from sandbox.stripe.tax import calculations, recording
from sandbox.worlds import Json, World

_DEEPEST = 4
_SOURCES = ("charge", "refund", "dispute")  # of balance transactions: the contract names no kind


def check_paths(schema: Json, paths: list[str]) -> None:
    """Refuse what cannot be expanded, before anything is done. :raises ApiError: and which."""
    for path in paths:
        if path.count(".") >= _DEEPEST:
            message = f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}"
            raise invalid(message, param="expand")
        if not _is_expandable(schema, path.split(".")):
            raise _refused(path)


def _is_expandable(schema: Json, names: list[str]) -> bool:
    schema = resolve(schema)
    if "anyOf" in schema:
        return any(_is_expandable(option, names) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return _is_expandable(schema["items"], names)
    name, rest = names[0], names[1:]
    inner = schema.get("properties", {}).get(name)
    if inner is None:
        return False
    options = _options(name, inner)
    if options is None:
        return _is_expandable(inner, rest) if rest else _is_hidden(name, schema)
    return not rest or any(_is_expandable(schema_of(kind), rest) for kind in options)


def _options(name: str, schema: Json) -> tuple[str, ...] | None:
    """Return the kinds of object that an id in this field may name; None where it names none."""
    schema = schema.get("items", schema)
    options = schema.get("x-expansionResources", {}).get("oneOf")
    if options is None:
        return None
    kinds = tuple(option["$ref"].rpartition("/")[2] for option in options)
    return kinds or (_SOURCES if name == "source" else ())


def _is_hidden(name: str, schema: Json) -> bool:
    return name in _HIDDEN and name in schema.get("x-expandableFields", ())


def expand(world: World, answer: Json, schema: Json, paths: list[str]) -> Json:
    """Return `answer` with every path of `paths` expanded, in a copy. :raises ApiError: one cannot be."""
    answer = copied(answer) if paths else answer
    for path in paths:
        _expand(world, answer, schema, path.split("."), path)
    return answer


def _expand(world: World, node: Any, schema: Json, names: list[str], path: str) -> None:
    schema = _that_fits(node, schema)
    if isinstance(node, list):
        for item in node:
            _expand(world, item, schema.get("items", {}), names, path)
        return
    if not isinstance(node, dict) or not names:
        return
    name, rest = names[0], names[1:]
    inner = schema.get("properties", {}).get(name)
    if inner is None:
        raise _refused(path)
    options = _options(name, inner)
    if _is_hidden(name, schema):
        if name not in node:
            node[name] = copied(_HIDDEN[name](world, node))
    elif options is not None:
        node[name] = _objects(world, node.get(name), options)
        inner = {"anyOf": [schema_of(kind) for kind in options]}
        inner = {"items": inner} if isinstance(node[name], list) else inner
    elif not rest:
        raise _refused(path)
    _expand(world, node.get(name), inner, rest, path)


def _objects(world: World, value: Any, kinds: tuple[str, ...]) -> Any:
    """Return the object behind an id, or those behind a list of ids; what is one already stays."""
    if isinstance(value, list):
        return [_objects(world, each, kinds) for each in value]
    return _object(world, value, kinds) if isinstance(value, str) else value


def _object(world: World, id: str, kinds: tuple[str, ...]) -> Json | str:
    for kind in kinds:
        found = world.get(kind, id)
        if found is not None:
            return copied(balance.shown(world, found) if kind == "balance_transaction" else found)
    return id


def _refunds(world: World, charge: Json) -> Json:
    refunds = [refund for refund in world.all("refund") if refund["charge"] == charge["id"]]
    return page_of(refunds, {}, url=f"/v1/charges/{charge['id']}/refunds")


def _confirmation_secret(world: World, invoice: Json) -> Json | None:
    intent = invoice_payments.intent_of(world, invoice)
    return intent and {"client_secret": intent["client_secret"], "type": "payment_intent"}


def _tax_lines(world: World, node: Json) -> Json:
    if node["object"] == calculations.KIND:
        return calculations.shown_lines(world, node)
    return recording.shown_lines(world, node)


_HIDDEN: dict[str, Callable[[World, Json], Json | None]] = {  # left out unless they are expanded
    "confirmation_secret": _confirmation_secret,
    "line_items": _tax_lines,
    "payments": invoice_payments.shown,
    "refunds": _refunds,
}


def _that_fits(node: Any, schema: Json) -> Json:
    """Return the alternative of `schema` that describes `node`."""
    schema = resolve(schema)
    for option in schema.get("anyOf", ()):
        option = resolve(option)
        kind = option.get("properties", {}).get("object", {}).get("enum", [None])
        if isinstance(node, dict) and "properties" in option and node.get("object") in kind:
            return option
    return schema


def _refused(path: str) -> ApiError:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")
