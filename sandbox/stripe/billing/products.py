"""Products: what is sold. https://docs.stripe.com/api/products"""

from sandbox.copying import copied
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, refuse_unserved, unserved
from sandbox.stripe.lists import list_objects, page_of
from sandbox.worlds import Json

_PLAIN = ("active", "description", "images", "name", "statement_descriptor", "tax_code", "unit_label", "url")
_SERVED = {*_PLAIN, "expand", "metadata"}
_EMPTY = {"images": list}


def create(call: Call) -> Json:
    """Answer POST /v1/products. :raises ApiError: the id is taken."""
    refuse_unserved(call.params, {*_SERVED, "id"}, of="a product")
    id = call.params.get("id") or new_id("prod", 14)
    if call.world.get("product", id):
        raise invalid(f"Product already exists: {id}", code="resource_already_exists", param="id")
    product = make(call, id, call.params)
    product["metadata"] = call.merge_metadata({})
    return call.save(product)


def make(call: Call, id: str, given: Json) -> Json:
    """Keep a new product and tell of it."""
    product = blank(
        "product",
        id=id,
        active=True,
        created=call.now,
        metadata=dict(given.get("metadata") or {}),
        name=given["name"],
        updated=call.now,
    )
    _change(product, given)
    call.save(product)
    call.emit("product.created", product)
    return product


def retrieve(call: Call) -> Json:
    """Answer GET /v1/products/{id}."""
    return call.find("product", call.ids["id"])


def update(call: Call) -> Json:
    """Answer POST /v1/products/{id}."""
    refuse_unserved(call.params, _SERVED, of="a product")
    was = call.find("product", call.ids["id"])
    product = copied(was)
    metadata = call.merge_metadata(product["metadata"])
    _change(product, call.params)
    product |= {"metadata": metadata, "updated": call.now}
    call.save(product)
    call.emit("product.updated", product, was=was)
    return product


def list_products(call: Call) -> Json:
    """Answer GET /v1/products."""
    if {"shippable", "url"} & set(call.params):
        raise unserved("the filters shippable and url of products")
    if "ids" not in call.params:
        return list_objects(call, "product", "/v1/products", "active")
    mine = [product for product in call.world.all("product") if product["id"] in call.params["ids"]]
    return page_of(mine, call.params, url="/v1/products")


def _change(product: Json, given: Json) -> None:
    for name in _PLAIN:
        if name in given:
            empty = _EMPTY.get(name, lambda: None)
            product[name] = empty() if given[name] == "" else given[name]
