"""`expand`: ids replaced by the objects they name. https://docs.stripe.com/api/expanding_objects"""

import copy
from typing import Any

from sandbox.stripe import balance
from sandbox.stripe.contract import resolve, schema_of
from sandbox.stripe.errors import ApiError, invalid
from sandbox.stripe.lists import page_of
from sandbox.worlds import Json, World

_SOURCES = ("charge", "refund", "dispute")  # of balance transactions: the contract names no kind


def check_paths(world: World, schema: Json, paths: list[str]) -> None:
    """Refuse what cannot be expanded, before anything is done. :raises ApiError: and which."""
    expand(world, {}, schema, paths)


def expand(world: World, answer: Json, schema: Json, paths: list[str]) -> Json:
    """Return a copy of `answer` with every path of `paths` expanded. :raises ApiError: one cannot be."""
    answer = copy.deepcopy(answer)
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
    options = inner.get("x-expansionResources", {}).get("oneOf")
    if name == "refunds" and name in schema.get("x-expandableFields", ()):
        node |= {name: _refunds(world, node)} if node else {}
    elif options is None and not rest:
        raise _refused(path)
    elif options is not None:
        kinds = tuple(option["$ref"].rpartition("/")[2] for option in options)
        kinds = kinds or (_SOURCES if name == "source" else ())
        if isinstance(node.get(name), str):
            node[name] = _object(world, node[name], kinds)
        inner = {"anyOf": [schema_of(kind) for kind in kinds]}
    _expand(world, node.get(name), inner, rest, path)


def _object(world: World, id: str, kinds: tuple[str, ...]) -> Json | str:
    for kind in kinds:
        found = world.get(kind, id)
        if found is not None:
            return copy.deepcopy(balance.shown(world, found) if kind == "balance_transaction" else found)
    return id


def _refunds(world: World, charge: Json) -> Json:
    refunds = [refund for refund in world.all("refund") if refund["charge"] == charge["id"]]
    return page_of(refunds, {}, url=f"/v1/charges/{charge['id']}/refunds")


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
