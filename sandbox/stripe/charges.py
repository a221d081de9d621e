"""Charges can be looked up; a payment intent makes them. https://docs.stripe.com/api/charges"""

from sandbox.stripe.call import Call
from sandbox.stripe.lists import list_objects
from sandbox.worlds import Json


def retrieve(call: Call) -> Json:
    """Answer GET /v1/charges/{charge}."""
    return call.find("charge", call.ids["charge"])


def list_charges(call: Call) -> Json:
    """Answer GET /v1/charges."""
    return list_objects(call, "charge", "/v1/charges", "customer", "payment_intent", "transfer_group")
