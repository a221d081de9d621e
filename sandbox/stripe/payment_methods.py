"""Payment methods: cards only. https://docs.stripe.com/api/payment_methods"""

import hashlib
from typing import Any

from sandbox.stripe import cards, known_cards
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.declines import declined
from sandbox.stripe.errors import invalid, unserved
from sandbox.stripe.lists import page_of
from sandbox.worlds import Json

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def retrieve(call: Call) -> Json:
    """Answer GET /v1/payment_methods/{payment_method}."""
    return resolve(call, call.ids["payment_method"])


def list_methods(call: Call) -> Json:
    """Answer GET /v1/payment_methods: those of one customer."""
    if "customer" not in call.params:
        raise unserved("lists of payment methods without a customer")
    call.find("customer", call.params["customer"], param="customer")
    mine = [m for m in call.world.all("payment_method") if m["customer"] == call.params["customer"]]
    return page_of(mine, call.params, url="/v1/payment_methods")


def attach(call: Call) -> Json:
    """Answer POST …/attach. :raises ApiError: another's already, or its issuer declines it."""
    customer = call.find("customer", call.params["customer"], param="customer")
    return attach_named(call, call.ids["payment_method"], customer["id"])


def attach_named(call: Call, id: str, customer: str) -> Json:
    """Attach by id or `pm_card_…` name. :raises ApiError: another's already, or its issuer declines it."""
    method = resolve(call, id)
    card = known_cards.card_of(call, method["id"])
    if method["customer"] not in (None, customer):
        raise invalid("The payment method you provided has already been attached to a customer.")
    known_cards.check_usable(call, method, method["customer"])
    if card.decline and not card.can_be_attached:
        raise declined(card.decline)
    return attach_to(call, method, customer)


def attach_to(call: Call, method: Json, customer: str) -> Json:
    """Make a payment method the customer's, so that it can be used again."""
    if method["customer"] != customer:
        method["customer"] = customer
        call.save(method)
        call.emit("payment_method.attached", method)
    return method


def detach(call: Call) -> Json:
    """Answer POST …/detach."""
    method = call.find("payment_method", call.ids["payment_method"])
    if method["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    _forget_default(call, method)
    method["customer"] = None
    call.save(method)
    known_cards.mark_spent(call, method["id"])
    call.emit("payment_method.detached", method)
    return method


def _forget_default(call: Call, method: Json) -> None:
    """Leave customer and subscriptions without the card that was theirs by default."""
    customer = call.find("customer", method["customer"])
    if customer["invoice_settings"]["default_payment_method"] == method["id"]:
        settings = {**customer["invoice_settings"], "default_payment_method": None}
        call.save({**customer, "invoice_settings": settings})
    for subscription in call.world.all("subscription"):
        if subscription["default_payment_method"] == method["id"]:
            call.save({**subscription, "default_payment_method": None})


def resolve(call: Call, id: str, *, param: str | None = None) -> Json:
    """Return the payment method; a `pm_card_…` name gives a new one each time."""
    card = cards.by_name(id)
    if card is None:
        return call.find("payment_method", id, param=param)
    return make(call, face_of(call, card.number, 12, 2034, has_cvc=True), card.number, billing_details({}))


def from_data(call: Call, data: Json) -> Json:
    """Return a new payment method from `payment_method_data`. :raises ApiError: not a card that can be."""
    card = data.get("card")
    if data.get("type") != "card" or not isinstance(card, dict) or "number" not in card:
        raise unserved("payment methods other than cards")
    number, month, year, cvc = read_card(card)
    face = face_of(call, number, month, year, has_cvc=bool(cvc))
    return make(call, face, number, billing_details(data.get("billing_details", {})))


def read_card(card: Json) -> tuple[str, int, int, str]:
    """Return (number, month, year, cvc) of a form's card. :raises ApiError: it cannot be a card."""
    number = str(card["number"]).replace(" ", "")
    month, year, cvc = int(card["exp_month"]), int(card["exp_year"]), str(card.get("cvc", ""))
    cards.check(number, month, year, cvc)
    return number, month, year + 2000 if year < 100 else year, cvc


def make(call: Call, face: Json, number: str, billing: Json) -> Json:
    """Keep a new payment method and what only we know of it."""
    method = blank(
        "payment_method",
        id=new_id("pm"),
        allow_redisplay="unspecified",
        billing_details=billing,
        card=face,
        created=call.now,
        metadata={},
        type="card",
    )
    known_cards.remember_number(call, method["id"], number)
    return call.save(method)


def face_of(call: Call, number: str, month: int, year: int, *, has_cvc: bool) -> Json:
    """Return what is shown of a card. Basic test cards are of the US, as Stripe's are, unless the world's
    configuration `issuer_country` says so: a country without test cards of its own, or "" for null.
    """
    brand = cards.brand_of(number)
    return {
        "brand": brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked" if has_cvc else None,
        },
        "country": cards.by_number(number).country or call.world.config.get("issuer_country", "US") or None,
        "display_brand": "american_express" if brand == "amex" else brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(number.encode()).hexdigest()[:16],
        "funding": "credit",
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": brand != "amex"},
        "wallet": None,
    }


def billing_details(given: Any) -> Json:
    """Return billing details with every field."""
    address = given.get("address") or {}
    details: Json = {name: given.get(name) or None for name in ("email", "name", "phone", "tax_id")}
    return {"address": {name: address.get(name) or None for name in _ADDRESS}, **details}
