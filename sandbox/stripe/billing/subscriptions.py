"""Subscriptions: create, look up, end. https://docs.stripe.com/api/subscriptions

Billing mode is flexible, as by default since 2025-09-30; the period is its items'.
"""

from typing import Any

from sandbox.stripe.billing import collecting, invoices, subscription_life, subscription_making
from sandbox.stripe.call import Call
from sandbox.stripe.errors import invalid, missing_resource, refuse_unserved, unserved
from sandbox.stripe.lists import list_objects, was_then
from sandbox.worlds import Json

_PLAIN = {"default_payment_method", "description", "expand", "metadata", "off_session"}
_CREATE = {
    *_PLAIN,
    *("billing_mode", "collection_method", "customer", "discounts", "items", "payment_behavior"),
    *("payment_settings", "trial_end", "trial_period_days", "trial_settings"),
}
_BEHAVIOURS = ("allow_incomplete", "default_incomplete")


def create(call: Call) -> Json:
    """Answer POST /v1/subscriptions. :raises ApiError: no customer, price or card of use; nothing is kept."""
    params = call.params
    refuse_unserved(params, _CREATE, of="a subscription")
    for name in ("customer", "items"):
        if not params.get(name):
            message = f"Missing required param: {name}."
            raise invalid(message, code="parameter_missing", param=name, is_stored=False)
    customer = call.find("customer", params["customer"], param="customer")
    call.follow(customer["id"])
    check_settings(call, customer["id"])
    _check_items(call, customer)
    return subscription_making.start(call, customer)


def retrieve(call: Call) -> Json:
    """Answer GET /v1/subscriptions/{subscription_exposed_id}."""
    return call.find("subscription", call.ids["subscription_exposed_id"])


def list_subscriptions(call: Call) -> Json:
    """Answer GET /v1/subscriptions: those that live, unless `status` asks for others."""
    params = call.params
    for name in ("automatic_tax", "collection_method"):
        if name in params:
            raise unserved(f"the filter {name} of subscriptions")
    found = [each for each in call.world.all("subscription") if _has_status(each, params.get("status"))]
    for name in ("current_period_start", "current_period_end"):
        if name in params:
            found = [each for each in found if was_then(each["items"]["data"][0][name], params[name])]
    if "price" in params:
        found = [
            each
            for each in found
            if params["price"] in [item["price"]["id"] for item in each["items"]["data"]]
        ]
    return list_objects(call, "subscription", "/v1/subscriptions", "customer", "test_clock", of=found)


def cancel(call: Call) -> Json:
    """Answer DELETE /v1/subscriptions/{subscription_exposed_id}: it ends at once.

    :raises ApiError: it has ended already.
    """
    for name in ("invoice_now", "prorate"):
        if call.params.get(name):
            raise unserved(f"the parameter {name} of the end of a subscription")
    subscription = retrieve(call)
    call.follow(subscription["customer"])
    if subscription["status"] in subscription_life.ENDED:
        raise missing_resource("subscription", subscription["id"], param="id")
    was_incomplete = subscription["status"] == "incomplete"
    details = check_details(call.params.get("cancellation_details", {}))
    subscription_life.end(call, subscription, reason="cancellation_requested", **details)
    if was_incomplete:
        invoices.void_invoice(call, call.find("invoice", subscription["latest_invoice"]))
    return subscription


def check_details(given: Json) -> Json:
    """Return what the buyer said when he left; an empty word unsets it."""
    if "feedback_option" in given:
        raise unserved("cancellation_details[feedback_option]")
    return {name: given[name] or None for name in ("comment", "feedback") if name in given}


def check_settings(call: Call, customer: str) -> None:
    """Refuse what would not be heeded, and another customer's card."""
    params = call.params
    if params.get("collection_method", "charge_automatically") != "charge_automatically":
        raise unserved("subscriptions that are paid by invoice")
    if params.get("billing_mode", {}).get("type", "flexible") != "flexible":
        raise unserved("classic billing mode")
    if params.get("payment_behavior", _BEHAVIOURS[0]) not in _BEHAVIOURS and "customer" in params:
        raise unserved(f"payment_behavior={params['payment_behavior']} of a new subscription")
    settings = params.get("payment_settings", {})
    if settings.get("payment_method_options") or settings.get("payment_method_types", ["card"]) != ["card"]:
        raise unserved("payment_settings for other methods than cards")
    if set(params.get("trial_settings", {}).get("end_behavior", {})) - {"missing_payment_method"}:
        raise unserved("trial_settings[end_behavior][billing_cycle_anchor]")
    if "default_payment_method" in params:
        name = "default_payment_method"
        collecting.check_own_method(call, customer, params[name], param=name)


def _check_items(call: Call, customer: Json) -> None:
    items = call.params["items"]
    for given in items:
        if set(given) - {"metadata", "price", "quantity"}:
            raise unserved("items other than price, quantity and metadata")
    prices = [subscription_making.usable_price(call, given.get("price")) for given in items]
    if len({(price["currency"], str(price["recurring"])) for price in prices}) > 1:
        raise unserved("items of several currencies or intervals")
    mine = [each for each in call.world.all("subscription") if each["customer"] == customer["id"]]
    living = {each["currency"] for each in mine if each["status"] not in subscription_life.ENDED}
    if living - {prices[0]["currency"]}:
        message = (
            "You cannot combine currencies on a single customer. This customer has an active subscription"
            f" with currency {min(living)}."
        )
        raise invalid(message)


def _has_status(subscription: Json, wanted: Any) -> bool:
    if wanted == "all":
        return True
    if wanted == "ended":
        return subscription["status"] in subscription_life.ENDED
    return bool(subscription["status"] == wanted if wanted else subscription["status"] != "canceled")
