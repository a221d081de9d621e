"""Making an invoice: a draft of lines, then final, with a number and an intent that pays it.

https://docs.stripe.com/invoicing/overview, https://docs.stripe.com/billing/customer/balance
"""

from sandbox.stripe.billing import collecting, discounts, invoice_outcomes, invoice_payments
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import blank
from sandbox.stripe.intent_making import new_intent
from sandbox.stripe.money import least_charge
from sandbox.worlds import Json

DRAFT_SECONDS = 3600  # a renewal's invoice can be edited for an hour


def draft(
    call: Call,
    subscription: Json,
    lines: list[Json],
    *,
    reason: str,
    id: str | None = None,
    waits: bool = False,
) -> Json:
    """Keep a new draft and tell of it. `waits`: it is finalized by itself an hour later."""
    invoice = shape(call, subscription, lines, reason=reason, id=id)
    if waits:
        invoice["automatically_finalizes_at"] = call.now + DRAFT_SECONDS
    call.save(invoice)
    call.emit("invoice.created", invoice)
    discounts.use_up(call, subscription, invoice["total_discount_amounts"])
    call.save(subscription)
    return invoice


def shape(call: Call, subscription: Json, lines: list[Json], *, reason: str, id: str | None = None) -> Json:
    """Return an invoice over `lines`, not kept. The customer's balance is counted in."""
    id = id or new_id("in")
    for line in lines:
        line["invoice"] = id
    spans = [line["period"] for line in lines]
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    types = subscription["payment_settings"]["payment_method_types"]
    return blank(
        "invoice",
        id=id,
        **_untouched(),
        **_of_customer(call.find("customer", subscription["customer"])),
        **_sums(call, subscription, lines),
        billing_reason=reason,
        created=call.now,
        lines={"object": "list", "data": lines, "has_more": False, "url": f"/v1/invoices/{id}/lines"},
        parent={"quote_details": None, "subscription_details": details, "type": "subscription_details"},
        payment_settings={**_NO_SETTINGS, "payment_method_types": types},
        period_end=max((span["end"] for span in spans), default=call.now),
        period_start=min((span["start"] for span in spans), default=call.now),
    )


def _untouched() -> Json:
    """What no invoice of a membership has when it is new."""
    happened = ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
    return {
        **dict.fromkeys(("amount_overpaid", "amount_paid", "amount_paid_off_stripe", "amount_shipping"), 0),
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {**_NO_TAX, "provider": None, "status": None},
        "collection_method": "charge_automatically",
        "default_payment_method": None,
        "default_tax_rates": [],
        "issuer": {"type": "self"},
        "livemode": False,
        "metadata": {},
        "status": "draft",
        "status_transitions": dict.fromkeys(happened),
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _of_customer(customer: Json) -> Json:
    return {
        **{f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "shipping")},
        "customer": customer["id"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "test_clock": customer["test_clock"],
    }


def _sums(call: Call, subscription: Json, lines: list[Json]) -> Json:
    amounts = discounts.apply(call, subscription, lines)
    subtotal = sum(line["amount"] for line in lines)
    total = subtotal - sum(each["amount"] for each in amounts)
    balance = call.find("customer", subscription["customer"])["balance"]
    due, ending = _net(total, balance, subscription["currency"])
    return {
        **dict.fromkeys(("amount_due", "amount_remaining"), due),
        "currency": subscription["currency"],
        "discounts": [each["discount"] for each in amounts],
        "ending_balance": ending,
        "starting_balance": balance,
        **dict.fromkeys(("subtotal", "subtotal_excluding_tax"), subtotal),
        **dict.fromkeys(("total", "total_excluding_tax"), total),
        "total_discount_amounts": amounts,
    }


def finalize(call: Call, invoice: Json, subscription: Json) -> Json:
    """Make a draft final. Nothing to pay is paid at once; else an intent waits for its payment."""
    customer = call.find("customer", invoice["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    due, ending = _net(invoice["total"], customer["balance"], invoice["currency"])
    invoice |= {"starting_balance": customer["balance"], "ending_balance": ending, "status": "open"}
    invoice |= {"amount_due": due, "amount_remaining": due, "effective_at": call.now, "number": number}
    invoice["automatically_finalizes_at"] = None
    invoice["status_transitions"]["finalized_at"] = call.now
    sequence = customer["next_invoice_sequence"] + 1
    call.save(
        {**customer, "balance": ending, "currency": invoice["currency"], "next_invoice_sequence": sequence}
    )
    call.save(invoice)
    call.emit("invoice.finalized", invoice)
    if due == 0:
        invoice_outcomes.pay(call, invoice)
    else:
        invoice_payments.make(call, invoice, _intent(call, invoice, subscription))
    return invoice


def _net(total: int, balance: int, currency: str) -> tuple[int, int]:
    """Return (what is to be paid now, the customer's balance afterwards).

    A balance below zero is a credit. A sum too small to be charged is carried over.
    """
    due = total + balance
    if due <= 0 or due < least_charge(currency):
        return 0, due
    return due, 0


def _intent(call: Call, invoice: Json, subscription: Json) -> Json:
    first = invoice["billing_reason"] == "subscription_create"
    method = collecting.method_of(call, subscription)
    intent = new_intent(
        call,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description="Subscription creation" if first else "Subscription update",
        payment_method=method,
        payment_method_options={"card": _CARD_OPTIONS},
        setup_future_usage="off_session",
        status="requires_confirmation" if method else "requires_payment_method",
    )
    call.save(intent)
    call.emit("payment_intent.created", intent)
    return intent


_NO_TAX = {"disabled_reason": None, "enabled": False, "liability": None}
_NO_SETTINGS = {"default_mandate": None, "payment_method_options": None}
_CARD_OPTIONS = {
    **{"installments": None, "mandate_options": None, "network": None},
    "request_three_d_secure": "automatic",
}
