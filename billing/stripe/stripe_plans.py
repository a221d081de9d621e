"""Another price for a subscription, in Stripe's dialect: looked at, billed now, or at the next renewal."""

from datetime import datetime
from typing import Any

from billing.stripe.intents import StripeRefused
from billing.stripe.stripe_gateway import reading, speaking
from billing.stripe.stripe_subscriptions import (
    INVOICE,
    Invoice,
    Subscription,
    invoice_of,
    retrieve,
    subscription_of,
)


def preview(subscription_id: str, *, price_id: str, prorated_at: datetime) -> Invoice:
    """Tell what a change to another price would cost, if the present one were used up to this instant.

    Nothing is changed by asking; the invoice has no intent.
    Source: https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
    """
    details = {"items": [{"id": retrieve(subscription_id).item_id, "price": price_id}]}
    params: Any = {
        "subscription": subscription_id,
        "subscription_details": {**details, **_prorated(prorated_at)},
    }
    with reading() as client:
        return invoice_of(client.v1.invoices.create_preview(params), is_preview=True)


def change_plan(subscription_id: str, *, price_id: str, prorated_at: datetime, key: str) -> Subscription:
    """Bill the difference to another price now, and change to it once that is paid and not before.

    Source: https://docs.stripe.com/billing/subscriptions/pending-updates
    """
    params: Any = {
        "items": [{"id": retrieve(subscription_id).item_id, "price": price_id}],
        "payment_behavior": "pending_if_incomplete",
        "expand": [f"latest_invoice.{each}" for each in INVOICE],
        **_prorated(prorated_at),
    }
    with speaking() as client:
        return subscription_of(
            client.v1.subscriptions.update(subscription_id, params, {"idempotency_key": key})
        )


def void(invoice_id: str) -> None:
    """Take an unpaid invoice back, with the change that waits for it. Nobody can pay it any more.

    :raises StripeRefused: it is paid, or void already.
    """
    with speaking() as client:
        client.v1.invoices.void_invoice(invoice_id)


def go_on_with(subscription_id: str, *, price_id: str, from_: datetime) -> None:
    """Let renewals cost another price, of another interval, from the end of what is paid on.

    What is paid until then counts as a trial of the new price, so that nothing is charged, given back or
    reckoned up before. Again: nothing changes.
    Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
    """
    params: Any = {
        "items": [{"id": retrieve(subscription_id).item_id, "price": price_id}],
        "proration_behavior": "none",
        "trial_end": int(from_.timestamp()),
    }
    with speaking() as client:
        client.v1.subscriptions.update(subscription_id, params)


def _prorated(at: datetime) -> dict[str, Any]:
    return {"proration_behavior": "always_invoice", "proration_date": int(at.timestamp())}


def renew_at(subscription_id: str, *, price_id: str, instead_of: str) -> None:
    """Let renewals cost another price of the same interval from the next one on. Again: nothing changes.

    What is paid for stays as it is: nothing is charged or given back for it.

    :raises StripeRefused: it costs neither of the two any more, for the plan was changed meanwhile.
    Source: https://docs.stripe.com/billing/subscriptions/prorations#prevent
    """
    now = retrieve(subscription_id)
    if now.price_id == price_id:
        return
    if now.price_id != instead_of:
        raise StripeRefused("price_has_changed")
    params: Any = {"items": [{"id": now.item_id, "price": price_id}], "proration_behavior": "none"}
    with speaking() as client:
        client.v1.subscriptions.update(subscription_id, params)
