"""Customers. https://docs.stripe.com/api/customers"""

import secrets

from sandbox.copying import copied
from sandbox.stripe import payment_methods
from sandbox.stripe.billing import subscription_life
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import ApiError, invalid, missing_resource, unserved
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json

_PER_CLOCK = 3  # https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
_PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt")


def create(call: Call) -> Json:
    """Answer POST /v1/customers.

    A world may put customers on a test clock that the call does not name: `default_test_clock`.
    """
    settings = {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    }
    clock = call.params.get("test_clock") or call.world.config.get("default_test_clock")
    customer = blank(
        "customer",
        id=new_id("cus", 14),
        created=_born(call, clock),
        delinquent=False,
        invoice_prefix=secrets.token_hex(4).upper(),
        invoice_settings=settings,
        metadata={},
        preferred_locales=[],
        tax_exempt="none",
        test_clock=clock,
    )
    named = call.params.get("payment_method")
    method = payment_methods.attach_named(call, named, customer["id"]) if named else None
    _change(call, customer, "payment_method", "test_clock", aliases={named: method["id"]} if method else {})
    call.save(customer)
    call.emit("customer.created", customer)
    return customer


def retrieve(call: Call) -> Json:
    """Answer GET /v1/customers/{customer}; a deleted one says so."""
    gone = call.world.get("deleted_customer", call.ids["customer"])
    return gone or call.find("customer", call.ids["customer"])


def update(call: Call) -> Json:
    """Answer POST /v1/customers/{customer}."""
    was = call.find("customer", call.ids["customer"])
    customer = copied(was)
    _change(call, customer)
    call.save(customer)
    call.emit("customer.updated", customer, was=was)
    return customer


def delete(call: Call) -> Json:
    """Answer DELETE /v1/customers/{customer}: the payment methods are detached, payments stay."""
    customer = call.find("customer", call.ids["customer"])
    for method in call.world.all("payment_method"):
        if method["customer"] == customer["id"]:
            call.save({**method, "customer": None})
    for subscription in call.world.all("subscription"):
        if (
            subscription["customer"] == customer["id"]
            and subscription["status"] not in subscription_life.ENDED
        ):
            subscription_life.end(call, subscription, reason="cancellation_requested")
    call.world.remove("customer", customer["id"])
    call.emit("customer.deleted", customer)
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    return call.world.put("deleted_customer", customer["id"], gone)


def list_customers(call: Call) -> Json:
    """Answer GET /v1/customers."""
    return list_objects(call, "customer", "/v1/customers", "email")


def _born(call: Call, clock_id: str | None) -> int:
    """Return when a customer begins. :raises ApiError: no such clock, or it has three customers already."""
    if clock_id is None:
        return call.now
    clock = call.find("test_helpers.test_clock", clock_id, param="test_clock")
    if (
        "test_clock" in call.params
        and sum(each["test_clock"] == clock_id for each in call.world.all("customer")) >= _PER_CLOCK
    ):
        raise invalid(f"A test clock may have {_PER_CLOCK} customers at most.", param="test_clock")
    return int(clock["frozen_time"])


def _change(call: Call, customer: Json, *more: str, aliases: dict[str | None, str] | None = None) -> None:
    """Take over what the call says. `aliases`: the card that a `pm_card_…` name has just become."""
    unknown = set(call.params) - {*_PLAIN, *more, "invoice_settings", "metadata", "expand"}
    if unknown:
        raise unserved(f"the parameter {min(unknown)} of a customer")
    settings = call.params.get("invoice_settings", {})
    if set(settings) - {"default_payment_method"}:
        raise unserved("invoice_settings other than default_payment_method")
    if "default_payment_method" in settings:
        id = (aliases or {}).get(settings["default_payment_method"], settings["default_payment_method"])
        _refuse_foreign(call, customer, id)
        customer["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": id}
    for name in _PLAIN:
        if name in call.params:
            customer[name] = call.params[name] or None
    customer["metadata"] = call.merge_metadata(customer["metadata"])


def _refuse_foreign(call: Call, customer: Json, method_id: str) -> None:
    """Refuse a card that is not the customer's own."""
    method = call.world.get("payment_method", method_id)
    if method is None or method["customer"] != customer["id"]:
        raise _not_attached(method_id)


def _not_attached(method_id: str) -> ApiError:
    param = "invoice_settings[default_payment_method]"
    return missing_resource("payment method", method_id, param=param, status=400)
