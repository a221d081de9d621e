"""Customers. https://docs.stripe.com/api/customers"""

import secrets

from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.errors import unserved
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json

_PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt")


def create(call: Call) -> Json:
    """Answer POST /v1/customers."""
    settings = {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    }
    customer = blank(
        "customer",
        id=new_id("cus", 14),
        created=call.now,
        delinquent=False,
        invoice_prefix=secrets.token_hex(4).upper(),
        invoice_settings=settings,
        metadata={},
        preferred_locales=[],
        tax_exempt="none",
    )
    _change(call, customer)
    call.save(customer)
    call.emit("customer.created", customer)
    return customer


def retrieve(call: Call) -> Json:
    """Answer GET /v1/customers/{customer}; a deleted one says so."""
    gone = call.world.get("deleted_customer", call.ids["customer"])
    return gone or call.find("customer", call.ids["customer"])


def update(call: Call) -> Json:
    """Answer POST /v1/customers/{customer}."""
    customer = call.find("customer", call.ids["customer"])
    _change(call, customer)
    call.save(customer)
    call.emit("customer.updated", customer)
    return customer


def delete(call: Call) -> Json:
    """Answer DELETE /v1/customers/{customer}: the payment methods are detached, payments stay."""
    customer = call.find("customer", call.ids["customer"])
    for method in call.world.all("payment_method"):
        if method["customer"] == customer["id"]:
            call.save({**method, "customer": None})
    call.world.remove("customer", customer["id"])
    call.emit("customer.deleted", customer)
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    return call.world.put("deleted_customer", customer["id"], gone)


def list_customers(call: Call) -> Json:
    """Answer GET /v1/customers."""
    return list_objects(call, "customer", "/v1/customers", "email")


def _change(call: Call, customer: Json) -> None:
    unknown = set(call.params) - {*_PLAIN, "metadata", "expand"}
    if unknown:
        raise unserved(f"the parameter {min(unknown)} of a customer")
    for name in _PLAIN:
        if name in call.params:
            customer[name] = call.params[name] or None
    customer["metadata"] = call.merge_metadata(customer["metadata"])
