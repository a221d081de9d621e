"""Discounts: coupons at work on a subscription. https://docs.stripe.com/billing/subscriptions/coupons

A coupon that counts once is used up by the first invoice that it makes cheaper.
"""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.stripe.billing import coupons
from sandbox.stripe.billing.periods import shift
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import unserved
from sandbox.stripe.money import smallest_step
from sandbox.worlds import Json


def grant(call: Call, subscription: Json) -> None:
    """Give a subscription the discounts that the call names, in place of those it has; `tell` of it then."""
    given = call.params["discounts"] or []
    if any(set(each) != {"coupon"} for each in given):
        raise unserved("discounts other than by coupon")
    made = []
    for at, each in enumerate(given):
        param = f"discounts[{at}][coupon]"
        coupon = coupons.redeem(call, each["coupon"], subscription["currency"], param=param)
        made.append(_make(call, subscription, coupon))
    for id in subscription["discounts"]:
        end(call, id)
    subscription["discounts"] = [discount["id"] for discount in made]


def tell(call: Call, subscription: Json) -> None:
    """Tell of the discounts that were granted."""
    for id in subscription["discounts"]:
        call.emit("customer.discount.created", call.find("discount", id))


def take_back(call: Call, subscription: Json) -> None:
    """Undo a grant that nobody was told of."""
    for id in subscription["discounts"]:
        coupon = call.find("coupon", call.find("discount", id)["source"]["coupon"])
        call.save({**coupon, "times_redeemed": coupon["times_redeemed"] - 1, "valid": True})
        call.world.remove("discount", id)


def apply(call: Call, subscription: Json, lines: list[Json]) -> list[Json]:
    """Note on the lines what they cost less, and return how much each discount takes off in all."""
    amounts = []
    for id in living(call, subscription):
        coupon = call.find("coupon", call.find("discount", id)["source"]["coupon"])
        fixed, taken = coupon["amount_off"] or 0, 0
        for line in lines:
            off = _off(line, coupon, fixed - taken)
            if off:
                line["discount_amounts"].append({"amount": off, "discount": id})
                line["discounts"].append(id)
                taken += off
        amounts.append({"amount": taken, "discount": id})
    return amounts


def use_up(call: Call, subscription: Json, amounts: list[Json]) -> None:
    """End what counted once and has made an invoice cheaper, and what has lasted long enough."""
    spent = {each["discount"] for each in amounts if each["amount"] and _counts_once(call, each["discount"])}
    kept = [id for id in living(call, subscription) if id not in spent]
    for id in set(subscription["discounts"]) - set(kept):
        end(call, id)
    subscription["discounts"] = kept


def living(call: Call, subscription: Json) -> list[str]:
    """Return the discounts of a subscription that count now."""
    ends = {id: call.find("discount", id)["end"] for id in subscription["discounts"]}
    return [id for id, at in ends.items() if at is None or call.now < at]


def end(call: Call, discount_id: str) -> None:
    """Take a discount away."""
    discount = call.find("discount", discount_id)
    discount["end"] = min(discount["end"] or call.now, call.now)
    call.save(discount)
    call.emit("customer.discount.deleted", discount)


def _make(call: Call, subscription: Json, coupon: Json) -> Json:
    months = {"interval": "month", "interval_count": 1}
    lasts = coupon["duration_in_months"]
    discount = blank(
        "discount",
        id=new_id("di"),
        customer=subscription["customer"],
        end=shift(call.now, months, lasts) if lasts else None,
        source={"coupon": coupon["id"], "type": "coupon"},
        start=call.now,
        subscription=subscription["id"],
    )
    return call.save(discount)


def _off(line: Json, coupon: Json, left: int) -> int:
    """Return what one line costs less; an amount is taken off line by line until it is used up."""
    rest = line["amount"] - sum(each["amount"] for each in line["discount_amounts"])
    if not line["discountable"] or rest <= 0:
        return 0
    if coupon["percent_off"] is None:
        return min(int(rest), left)
    step = smallest_step(line["currency"])
    share = Decimal(rest) * Decimal(str(coupon["percent_off"])) / 100 / step
    return int(share.to_integral_value(ROUND_HALF_UP)) * step


def _counts_once(call: Call, discount_id: str) -> bool:
    coupon = call.find("coupon", call.find("discount", discount_id)["source"]["coupon"])
    return bool(coupon["duration"] == "once")
