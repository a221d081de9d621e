"""The one way in which money becomes a right to watch, whoever brings the news and however often."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.identity import give_pass
from billing.books import entries
from billing.discounts import coupons
from billing.models import Membership, Order, ReceiptCounter, Trial
from billing.settling import receipt_letters
from billing.stripe.intents import Intent
from billing.taxing import taxes
from videos import entitlements

logger = logging.getLogger(__name__)


# Why an attempt was refused whose card, or whose buyer, had a trial before.
TRIAL_USED = "trial_used"


class Mismatch(Exception):
    """Stripe's intent is not what the order asked for; nothing was granted, and somebody must look."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@transaction.atomic
def settle(order_id: int, intent: Intent, *, at: datetime) -> Order:
    """Mark the order paid, open its film, give the browser its pass and queue the receipt, all or nothing.

    A trial is begun in the same way, once its card is on file; one that this buyer or his card had before is
    refused here instead, and its order closed.

    The answer to Pay, the order-status call, the webhook and the sweep all call this, in any order and at
    once; the first call has the effect, the others change nothing.

    :raises Mismatch: the intent is another's, of another amount, currency or mode, or has not succeeded.
    """
    order = _locked(order_id)
    _check(order, intent)
    if order.is_trial and not _begin_trial(order, intent, at=at):
        return order
    if order.mark_paid(intent_id=intent.id, at=at, **_facts(order, intent, at=at)):
        _succeed(order, intent, at=at)
        if order.coupon_id is not None:
            coupons.spend(order, at=at)
        _deliver(order, at=at)
    return order


def _begin_trial(order: Order, intent: Intent, *, at: datetime) -> bool:
    if order.is_paid or Trial.objects.claim(order, card_fingerprint=intent.card_fingerprint):
        return True
    for payment in order.payments.undecided():
        payment.refuse(decline_code=TRIAL_USED, intent_id=intent.id, at=at)
    order.cancel()
    order.membership.want_end(at=at)
    logger.info("a second trial was refused", extra={"order": order.reference})
    return False


@transaction.atomic
def settle_free(order_id: int, *, at: datetime) -> Order:
    """This will do the same for an order that a coupon left nothing to pay of; Stripe never hears of it.

    Call it in the transaction that holds the coupon. Again: nothing changes.
    :raises ValueError: there is something to pay.
    """
    order = _locked(order_id)
    if not order.is_free:
        raise ValueError("this order has to be paid")
    number = {} if order.is_paid else {"receipt_number": ReceiptCounter.objects.next()}
    if order.mark_paid(intent_id=None, at=at, **number):
        _deliver(order, at=at)
    return order


def _facts(order: Order, intent: Intent, *, at: datetime) -> dict[str, Any]:
    """What a locked order learns by being paid: where the buyer is, the tax by that, the receipt's number.

    The number comes last, since all other sales wait for it until this one is through.
    """
    if order.is_paid:
        return {}
    countries = {"card_country": intent.card_country, "stated_country": intent.stated_country}
    if order.is_trial:  # nothing was sold yet
        return countries | {"card_last4": intent.card_last4}
    tax = taxes.split(order, **countries, calculation=intent.tax_calculation, at=at).facts()
    facts = countries | tax | {"card_last4": intent.card_last4}
    return facts | {"receipt_number": ReceiptCounter.objects.next()}


def _locked(order_id: int) -> Order:
    orders = Order.objects.select_for_update(of=("self",)).select_related(
        "offer__video", "offer__collection", "consent"
    )
    return orders.get(pk=order_id)


def _deliver(order: Order, *, at: datetime) -> None:
    """What a paid order brings, in the transaction that marks it paid."""
    entries.post([entries.of_sale(order)])
    if order.offer.is_membership:
        _open_membership(order, at=at)
    else:
        entitlements.grant(order.offer, user_id=order.user_id, reference=order.reference, at=at)
    give_pass(visitor=order.visitor, reference=order.reference)
    receipt_letters.send(order, at=at)
    logger.info("order settled", extra={"order": order.reference})


def _open_membership(order: Order, *, at: datetime) -> None:
    """Begin the membership of a first order; one for another plan lets the same right last longer."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("order", "price")
    membership = rows.get(periods__order=order)
    if membership.order_id != order.pk:
        membership.change_plan(order, at=at)
        entitlements.move_membership(membership.order.reference, ends_at=membership.opens_until() or at)
        return
    membership.begin(at=at)
    entitlements.open_membership(
        order.offer,
        user_id=order.user_id,
        reference=order.reference,
        ends_at=membership.opens_until() or at,
        at=at,
    )


def _check(order: Order, intent: Intent) -> None:
    facts = {
        "intent": order.intent_id in (None, intent.id),
        "order": intent.order_reference == order.reference or _is_first_invoice(order, intent),
        "amount": intent.amount_minor == order.total_minor == intent.received_minor,
        "currency": intent.currency == ("" if order.is_trial else order.currency),
        "livemode": intent.livemode == is_live(),
        "status": intent.is_paid,
    }
    wrong = [name for name, is_right in facts.items() if not is_right]
    if wrong:
        logger.error("payment does not fit its order", extra={"order": order.reference, "wrong": wrong})
        raise Mismatch(",".join(wrong))


def _is_first_invoice(order: Order, intent: Intent) -> bool:
    """Stripe makes a membership's intent itself, and without our words on it: the order was told which."""
    return order.offer.is_membership and not intent.order_reference and order.intent_id == intent.id


def is_live() -> bool:
    """This will tell whether real money moves: the key says so."""
    return bool(settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")))


def _succeed(order: Order, intent: Intent, *, at: datetime) -> None:
    latest = order.payments.order_by("-number").first()
    if latest is not None:
        latest.succeed(intent_id=intent.id, charge_id=intent.charge_id, at=at)
