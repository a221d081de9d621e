"""Coupons: what a subscription may cost less. A payment intent knows none. https://docs.stripe.com/api/coupons"""

import secrets

from sandbox.stripe.call import Call
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import ApiError, invalid, missing_resource, refuse_unserved
from sandbox.stripe.lists import list_objects
from sandbox.stripe.money import check_currency
from sandbox.worlds import Json

_CHANGES = {"expand", "metadata", "name"}
_LIMITS = {"duration", "duration_in_months", "max_redemptions", "redeem_by"}
_CREATE = {*_CHANGES, *_LIMITS, "amount_off", "currency", "id", "percent_off"}


def create(call: Call) -> Json:
    """Answer POST /v1/coupons. :raises ApiError: neither percent nor amount, or the id is taken."""
    params = call.params
    refuse_unserved(call.params, _CREATE, of="a coupon")
    _check(params)
    id = params.get("id") or secrets.token_hex(4)
    if call.world.get("coupon", id):
        raise invalid(f"Coupon already exists: {id}", code="resource_already_exists", param="id")
    coupon = blank(
        "coupon",
        id=id,
        amount_off=params.get("amount_off"),
        created=call.now,
        currency=check_currency(params["currency"]) if "currency" in params else None,
        duration=params.get("duration", "once"),
        duration_in_months=params.get("duration_in_months"),
        max_redemptions=params.get("max_redemptions"),
        metadata=call.merge_metadata({}),
        name=params.get("name"),
        percent_off=params.get("percent_off"),
        redeem_by=params.get("redeem_by"),
        times_redeemed=0,
        valid=True,
    )
    call.save(coupon)
    call.emit("coupon.created", coupon)
    return coupon


def retrieve(call: Call) -> Json:
    """Answer GET /v1/coupons/{coupon}."""
    return _current(call, call.find("coupon", call.ids["coupon"]))


def update(call: Call) -> Json:
    """Answer POST /v1/coupons/{coupon}: what it takes off cannot be changed."""
    refuse_unserved(call.params, _CHANGES, of="a coupon")
    coupon = retrieve(call)
    was = dict(coupon)
    metadata = call.merge_metadata(coupon["metadata"])
    coupon |= {"metadata": metadata, "name": call.params.get("name", coupon["name"])}
    call.save(coupon)
    call.emit("coupon.updated", coupon, was=was)
    return coupon


def delete(call: Call) -> Json:
    """Answer DELETE /v1/coupons/{coupon}: nobody gets it any more; who has it keeps it."""
    coupon = call.find("coupon", call.ids["coupon"])
    call.save({**coupon, "valid": False, "redeem_by": min(coupon["redeem_by"] or call.now, call.now)})
    call.emit("coupon.deleted", coupon)
    return {"id": coupon["id"], "object": "coupon", "deleted": True}


def list_coupons(call: Call) -> Json:
    """Answer GET /v1/coupons."""
    return list_objects(call, "coupon", "/v1/coupons")


def redeem(call: Call, id: str, currency: str, *, param: str) -> Json:
    """Count one more use. :raises ApiError: unknown, used up, too late, or of another currency."""
    coupon = call.world.get("coupon", id)
    if coupon is None:
        raise missing_resource("coupon", id, param=param, status=400)
    if not _current(call, coupon)["valid"]:
        raise _expired(id, param)
    if coupon["amount_off"] and coupon["currency"] != currency:
        message = f"The coupon {id} takes off {coupon['currency']}, not {currency}."
        raise invalid(message, param=param)
    coupon["times_redeemed"] += 1
    return call.save(_current(call, coupon))


def _current(call: Call, coupon: Json) -> Json:
    is_late = coupon["redeem_by"] is not None and call.now >= coupon["redeem_by"]
    most = coupon["max_redemptions"]
    coupon["valid"] = not is_late and (most is None or coupon["times_redeemed"] < most)
    return coupon


def _expired(id: str, param: str) -> ApiError:
    return invalid(f"Coupon expired: {id}", code="coupon_expired", param=param)


def _check(params: Json) -> None:
    percent, amount = params.get("percent_off"), params.get("amount_off")
    if (percent is None) == (amount is None):
        raise invalid("You must pass either percent_off or amount_off.", param="percent_off")
    if percent is not None and not 0 < percent <= 100:
        raise invalid("Percent off must be greater than 0 and at most 100.", param="percent_off")
    if amount is not None and (amount < 1 or "currency" not in params):
        raise invalid("A positive amount_off and its currency must be given.", param="amount_off")
    if (params.get("duration") == "repeating") != ("duration_in_months" in params):
        message = "duration_in_months must be given if, and only if, the duration is repeating."
        raise invalid(message, param="duration_in_months")
