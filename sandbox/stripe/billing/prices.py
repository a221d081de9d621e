"""Prices: how much, in which currency, how often. An amount never changes. https://docs.stripe.com/api/prices"""

from sandbox.copying import copied
from sandbox.stripe.billing import products
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import invalid, refuse_unserved, unserved
from sandbox.stripe.lists import list_objects
from sandbox.stripe.money import check_currency, smallest_step
from sandbox.worlds import Json

_CHANGES = {"active", "expand", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"}
_CREATE = {*_CHANGES, "currency", "product", "product_data", "recurring", "unit_amount"}
_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create(call: Call) -> Json:
    """Answer POST /v1/prices. :raises ApiError: no product, no amount, or a lookup key that is taken."""
    params = call.params
    refuse_unserved(call.params, _CREATE, of="a price")
    if ("product" in params) == ("product_data" in params):
        raise invalid("Exactly one of product or product_data must be given.", param="product")
    currency = check_currency(params["currency"])
    amount = _amount(params, currency)
    recurring = _recurring(params.get("recurring"))
    price = blank(
        "price",
        id=new_id("price"),
        active=params.get("active", True),
        created=call.now,
        currency=currency,
        metadata=call.merge_metadata({}),
        nickname=params.get("nickname"),
        product=_product(call),
        recurring=recurring,
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )
    _name(call, price)
    call.save(price)
    call.emit("price.created", price)
    return price


def retrieve(call: Call) -> Json:
    """Answer GET /v1/prices/{price}."""
    return call.find("price", call.ids["price"])


def update(call: Call) -> Json:
    """Answer POST /v1/prices/{price}; amount, currency and interval cannot be changed."""
    refuse_unserved(call.params, _CHANGES, of="a price")
    was = call.find("price", call.ids["price"])
    price = copied(was)
    metadata = call.merge_metadata(price["metadata"])
    _name(call, price)
    price |= {
        name: call.params[name] for name in ("active", "nickname", "tax_behavior") if name in call.params
    }
    price["metadata"] = metadata
    call.save(price)
    call.emit("price.updated", price, was=was)
    return price


def list_prices(call: Call) -> Json:
    """Answer GET /v1/prices."""
    found = call.world.all("price")
    keys, recurring = call.params.get("lookup_keys"), call.params.get("recurring", {})
    if set(recurring) - {"interval"}:
        raise unserved("filters of prices by usage")
    kept = [price for price in found if keys is None or price["lookup_key"] in keys]
    interval = recurring.get("interval")
    kept = [price for price in kept if not interval or (price["recurring"] or {}).get("interval") == interval]
    return list_objects(call, "price", "/v1/prices", "active", "currency", "product", "type", of=kept)


def _amount(params: Json, currency: str) -> int:
    if "unit_amount" not in params:
        message = "Missing required param: unit_amount."
        raise invalid(message, code="parameter_missing", param="unit_amount")
    amount: int = params["unit_amount"]
    if amount < 0 or amount % smallest_step(currency):
        raise invalid(f"Invalid amount for {currency}: {amount}.", param="unit_amount")
    return amount


def _recurring(given: Json | None) -> Json | None:
    if given is None:
        return None
    if given.get("meter") or given.get("usage_type", "licensed") != "licensed":
        raise unserved("prices by usage")
    count = given.get("interval_count", 1)
    if not 1 <= count <= _LONGEST[given["interval"]]:
        raise invalid("An interval may be three years at most.", param="recurring[interval_count]")
    return {"interval": given["interval"], "interval_count": count, "meter": None, "usage_type": "licensed"}


def _product(call: Call) -> str:
    given = call.params.get("product_data")
    if given is None:
        return str(call.find("product", call.params["product"], param="product")["id"])
    if set(given) - {"active", "id", "metadata", "name", "statement_descriptor", "tax_code", "unit_label"}:
        raise unserved("product_data[tax_details]")
    return str(products.make(call, given.get("id") or new_id("prod", 14), given)["id"])


def _name(call: Call, price: Json) -> None:
    """Give the price its lookup key, taken from another one if the call says so."""
    key = call.params.get("lookup_key")
    if key is None:
        return
    for other in call.world.all("price"):
        if other["lookup_key"] == key and other["id"] != price["id"]:
            if not call.params.get("transfer_lookup_key"):
                message = f"A price (`{other['id']}`) already uses that lookup key."
                raise invalid(message, param="lookup_key")
            call.save({**other, "lookup_key": None})
    price["lookup_key"] = key
