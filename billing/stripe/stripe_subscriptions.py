"""Subscriptions in Stripe's dialect: prices, customers, invoices. Everyone else hears `Subscription`.

An invoice is paid by the intent that Stripe made for it, confirmed as any other (`stripe_gateway.charge`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from billing.models import Membership
from billing.stripe.stripe_gateway import reading, speaking
from videos.models import Price

_STATES: Final[dict[str, str]] = {
    "incomplete": Membership.State.STARTING,
    "incomplete_expired": Membership.State.ENDED,
    "trialing": Membership.State.ACTIVE,  # once its card is on file
    "active": Membership.State.ACTIVE,
    "past_due": Membership.State.PAST_DUE,
    "unpaid": Membership.State.PAST_DUE,
    "paused": Membership.State.PAST_DUE,
    "canceled": Membership.State.ENDED,
}
INVOICE: Final = ("payments",)
_WITH_CARD: Final = [*(f"latest_invoice.{each}" for each in INVOICE), "default_payment_method"]


@dataclass(frozen=True)
class Invoice:
    """What one period costs. `intent_id` is empty where there was nothing to pay."""

    id: str
    subscription_id: str
    is_paid: bool
    is_open: bool
    due_minor: int
    currency: str
    intent_id: str
    price_id: str
    starts_at: datetime
    ends_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True)
class Card:
    """A card that is kept at Stripe, as its owner knows it again."""

    id: str
    brand: str
    last4: str
    expires_month: int
    expires_year: int


@dataclass(frozen=True)
class Subscription:
    """A subscription as it stands: `state` is one of `Membership.State`.

    `setup_id` names the intent by which a trial's card is put on file, "" once it is. `card` is the one that
    renewals are charged to, "" while Stripe was told of none, `face` what its owner knows it by, where that
    was asked for.
    """

    id: str
    state: str
    setup_id: str
    card: str
    item_id: str
    price_id: str
    cancels_at_period_end: bool
    ended_at: datetime | None
    latest_invoice: Invoice
    face: Card | None = None


def make_price(price: Price, *, name: str, key: str) -> str:
    """Make the recurring price that stands for one of ours, and return its id.

    :raises StripeUnavailable, OutcomeUnknown, StripeRefused: as `stripe_gateway.charge` does.
    Source: https://docs.stripe.com/api/prices/create
    """
    params: Any = {
        "currency": price.currency,
        "unit_amount": price.amount_minor,
        "recurring": {"interval": price.offer.interval},
        "product_data": {"name": name},
        "metadata": {"price": str(price.pk)},
    }
    with speaking() as client:
        return client.v1.prices.create(params, {"idempotency_key": key}).id


def make_customer(*, order_reference: str, key: str) -> str:
    """Make the customer whose card renews, and return its id. Stripe learns no name and no address."""
    params: Any = {"metadata": {"order": order_reference}}
    with speaking() as client:
        return client.v1.customers.create(params, {"idempotency_key": key}).id


def forget_customer(customer_id: str) -> None:
    """Delete a customer for good: the cards on file and what renews go with him, payments stay.

    :raises StripeRefused: there is none by that id, or not any more.
    Source: https://docs.stripe.com/api/customers/delete
    """
    with speaking() as client:
        client.v1.customers.delete(customer_id)


def subscribe(
    *, customer_id: str, price_id: str, order_reference: str, key: str, trial_days: int = 0
) -> Subscription:
    """Make a subscription that waits for its first payment, or for the card of its trial, which begins now.
    Nothing is charged by this.

    Source: https://docs.stripe.com/billing/subscriptions/overview#default-incomplete,
    https://docs.stripe.com/billing/subscriptions/trials
    """
    params: Any = {
        "customer": customer_id,
        "items": [{"price": price_id}],
        "payment_behavior": "default_incomplete",
        "payment_settings": {"save_default_payment_method": "on_subscription"},
        "metadata": {"order": order_reference},
        "expand": [f"latest_invoice.{each}" for each in INVOICE],
    }
    if trial_days:
        # One whose card never came ends with the trial.
        end_behavior = {"missing_payment_method": "cancel"}
        params |= {"trial_period_days": trial_days, "trial_settings": {"end_behavior": end_behavior}}
    with speaking() as client:
        return subscription_of(client.v1.subscriptions.create(params, {"idempotency_key": key}))


def retrieve(subscription_id: str) -> Subscription:
    """Read a subscription as it is now, with its card."""
    params: Any = {"expand": _WITH_CARD}
    with reading() as client:
        return subscription_of(client.v1.subscriptions.retrieve(subscription_id, params))


def cancel_at_period_end(subscription_id: str, *, cancels: bool) -> Subscription:
    """Let it end with the period that is paid, or go on after all. Again: the same."""
    params: Any = {
        "cancel_at_period_end": cancels,
        "expand": [f"latest_invoice.{each}" for each in INVOICE],
    }
    with speaking() as client:
        return subscription_of(client.v1.subscriptions.update(subscription_id, params))


def charge_to(subscription_id: str, card: str) -> Subscription:
    """Let renewals be charged to this card, a PaymentMethod of its customer. Again: the same."""
    params: Any = {"default_payment_method": card, "expand": _WITH_CARD}
    with speaking() as client:
        return subscription_of(client.v1.subscriptions.update(subscription_id, params))


def end(subscription_id: str) -> None:
    """End it at once, so that it never charges again; an unpaid first invoice cannot be paid any more.

    :raises StripeRefused: it has ended already, or never was.
    """
    with speaking() as client:
        client.v1.subscriptions.cancel(subscription_id)


def subscription_of_invoice(invoice_id: str) -> str:
    """Tell whose invoice it is, "" for one that no subscription made."""
    with reading() as client:
        return _whose(client.v1.invoices.retrieve(invoice_id))


def paid_invoices(subscription_id: str) -> Iterator[Invoice]:
    """Read what was paid for a subscription, newest first."""
    return _invoices(subscription_id, status="paid")


def open_invoices(subscription_id: str) -> Iterator[Invoice]:
    """Read what is to be paid for a subscription, newest first."""
    return _invoices(subscription_id, status="open")


def _invoices(subscription_id: str, *, status: str) -> Iterator[Invoice]:
    params: Any = {
        "subscription": subscription_id,
        "status": status,
        "limit": 100,
        "expand": [f"data.{each}" for each in INVOICE],
    }
    with reading() as client:
        for each in client.v1.invoices.list(params).auto_paging_iter():
            yield invoice_of(each)


def subscription_of(told: Any) -> Subscription:
    waits_for_card = told.status == "trialing" and told.pending_setup_intent
    return Subscription(
        id=told.id,
        state=Membership.State.STARTING if waits_for_card else _STATES[told.status],
        setup_id=told.pending_setup_intent or "",
        item_id=told["items"].data[0].id,
        price_id=told["items"].data[0].price.id,
        card=_id(told.default_payment_method),
        cancels_at_period_end=bool(told.cancel_at_period_end or told.cancel_at),
        ended_at=_instant(told.ended_at) if told.ended_at else None,
        latest_invoice=invoice_of(told.latest_invoice),
        face=_card(told.default_payment_method),
    )


def _id(told: Any) -> str:
    return told if isinstance(told, str) else (told.id if told else "")


def _card(told: Any) -> Card | None:
    if told is None or isinstance(told, str) or told.card is None:
        return None
    face = told.card
    return Card(told.id, face.brand, face.last4, face.exp_month, face.exp_year)


def invoice_of(told: Any, *, is_preview: bool = False) -> Invoice:
    # The invoice's own period is the one before: what is paid for stands on its lines.
    line = max(told.lines.data, key=lambda each: (each.period.end, each.amount))
    payments = [] if is_preview or not told.payments else told.payments.data
    return Invoice(
        id=told.id,
        subscription_id=_whose(told),
        is_paid=told.status == "paid",
        is_open=told.status == "open",
        due_minor=told.amount_due,
        currency=told.currency,
        intent_id=next((each.payment.payment_intent for each in payments), ""),
        price_id=line.pricing.price_details.price if line.pricing else "",
        starts_at=_instant(line.period.start),
        ends_at=_instant(line.period.end),
        paid_at=_instant(told.status_transitions.paid_at) if told.status_transitions.paid_at else None,
    )


def _whose(invoice: Any) -> str:
    details = invoice.parent.subscription_details if invoice.parent else None
    return str(details.subscription) if details else ""


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
