"""A period that was paid by itself: an order of its own, the ledger's entry, and the same right goes on."""

import hashlib
import logging
from datetime import datetime

from django.db import transaction

from billing.books import entries
from billing.joining import stripe_prices
from billing.models import Membership, MembershipPeriod, Order, Payment, ReceiptCounter
from billing.refunding import access
from billing.settling import fulfilment, receipt_letters
from billing.stripe.intents import Intent
from billing.stripe.stripe_subscriptions import Invoice
from billing.taxing import taxes
from videos import entitlements

logger = logging.getLogger(__name__)


@transaction.atomic
def settle(membership_id: int, invoice: Invoice, intent: Intent, *, at: datetime) -> bool:
    """This will note a renewal that was paid and move the right's end, and return whether that is news.

    The same invoice again, or an older one after a newer, takes nothing away.

    :raises fulfilment.Mismatch: the intent does not pay this invoice.
    """
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("order__offer__collection", "order__price", "price__offer__collection")
        .get(pk=membership_id)
    )
    _check(membership, invoice, intent)
    if _is_known(membership, invoice):
        return False
    order = _order(membership, invoice, intent, at=at)
    MembershipPeriod.objects.create(
        membership=membership,
        order=order,
        invoice_id=invoice.id,
        starts_at=invoice.starts_at,
        ends_at=invoice.ends_at,
    )
    entries.post([entries.of_sale(order)])
    until = membership.opens_until()
    if until is not None:
        entitlements.move_membership(membership.order.reference, ends_at=until)
    access.follow_periods(membership, at=at)  # an earlier period's money may have gone back
    receipt_letters.send(order, is_renewal=True, at=at)
    logger.info("membership renewed", extra={"order": order.reference})
    return True


def _is_known(membership: Membership, invoice: Invoice) -> bool:
    return membership.periods.filter(invoice_id=invoice.id).exists()


def _check(membership: Membership, invoice: Invoice, intent: Intent) -> None:
    facts = {
        "subscription": invoice.subscription_id == membership.subscription_id,
        "intent": intent.id == invoice.intent_id,
        "amount": intent.amount_minor == invoice.due_minor == intent.received_minor,
        "currency": intent.currency == invoice.currency == membership.order.currency,
        "livemode": intent.livemode == fulfilment.is_live(),
        "status": invoice.is_paid and intent.is_paid,
    }
    wrong = [name for name, is_right in facts.items() if not is_right]
    if wrong:
        logger.error("payment does not fit its invoice", extra={"invoice": invoice.id, "wrong": wrong})
        raise fulfilment.Mismatch(",".join(wrong))


def _order(membership: Membership, invoice: Invoice, intent: Intent, *, at: datetime) -> Order:
    first = Order.objects.get(pk=membership.order_id)  # as it is now that the membership is ours
    order = first.another(
        stripe_prices.of_ours(invoice.price_id) or membership.current_price,
        state=Order.State.PAID,
        total_minor=invoice.due_minor,
        currency=invoice.currency,
        # No quote was shown for it; the invoice pays once all the same.
        quote_nonce=hashlib.sha256(invoice.id.encode()).hexdigest()[:32],
        intent_id=intent.id,
        card_country=intent.card_country,
        card_last4=intent.card_last4,
        created_at=at,
        paid_at=at,
    )
    countries = {"card_country": order.card_country, "stated_country": order.stated_country}
    for name, value in taxes.split(order, **countries, at=at).facts().items():
        setattr(order, name, value)
    order.receipt_number = ReceiptCounter.objects.next()
    order.save()
    payment = Payment.objects.begin(order, at=at)
    payment.succeed(intent_id=intent.id, charge_id=intent.charge_id, at=at)
    return order
