"""Paying in the page: a quote and a card become an order, an attempt, and an outcome."""

import logging
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.buying import order_taking, quotes
from billing.buying.order_taking import Buyer, Superseded, Underway
from billing.buying.quotes import Quote
from billing.discounts import coupons
from billing.models import Order, Payment
from billing.settling import fulfilment, outcomes
from billing.stripe import stripe_gateway
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)


def pay(buyer: Buyer, *, quote: str, confirmation_token: str, at: datetime) -> Order:
    """This will buy what the quote names with the card behind the token, and return the order as it stands.

    Where a coupon leaves nothing to pay there is no card, and Stripe is not asked.

    The same quote again in the same session is the same order: a paid one is returned, a refused one is
    tried once more, and one whose outcome is open raises `Underway`.

    :raises quotes.BadQuote, quotes.ForeignQuote, quotes.QuoteExpired: the quote can't be used here and now.
    :raises NotForSale, AlreadyYours, CardEntryUsed, NoCard, Underway: see each; nothing was charged.
    :raises coupons.CouponRefused: the quote's coupon does not hold any more; nothing was charged.
    :raises StripeUnavailable: nothing was sent to Stripe.
    """
    agreed = quotes.read(quote, visitor=buyer.viewer.visitor, at=at)
    try:
        order, payment = order_taking.begin(buyer, agreed, confirmation_token, at=at)
    except Superseded as old:
        order, payment = _begin_instead_of(old.order, buyer, agreed, confirmation_token, at=at)
    if payment is not None:
        with suppress(fulfilment.Mismatch):  # logged; the attempt stays open for somebody to look at
            _carry_out(order, payment, at=at)
        order.refresh_from_db(fields=["state", "intent_id", "paid_at"])
    return order


def _begin_instead_of(
    old: Order, buyer: Buyer, quote: Quote, confirmation_token: str, *, at: datetime
) -> tuple[Order, Payment | None]:
    close(old, at=at)
    try:
        return order_taking.begin(buyer, quote, confirmation_token, at=at)
    except Superseded as other:  # a third tab was faster
        raise Underway(other.order) from other


def _carry_out(order: Order, payment: Payment, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it."""
    try:
        intent = stripe_gateway.charge(
            payment,
            order_reference=order.reference,
            intent_id=order.intent_id,
            return_url=settings.SITE_URL + reverse("billing:return"),
        )
    except OutcomeUnknown as error:
        outcomes.note_no_answer(payment, is_over=error.is_over, at=at)
    except StripeUnavailable:
        outcomes.note_nothing_sent(payment, at=at)
        raise
    except StripeRefused as error:
        logger.error("Stripe refused a payment", extra={"order": order.reference, "code": error.code})
        _note_refused(payment, error, at=at)
    else:
        outcomes.note(payment, intent, at=at)


def _note_refused(payment: Payment, error: StripeRefused, *, at: datetime) -> None:
    """Most of all the intent may have succeeded meanwhile: its challenge was passed in another tab.

    One that was canceled never takes money again, so its order is closed: the next quote makes another.
    """
    if error.intent is not None and error.intent.is_paid:
        try:
            outcomes.note(payment, stripe_gateway.retrieve(error.intent.id), at=at)
        except StripeUnavailable:
            outcomes.note_no_answer(payment, is_over=True, at=at)
        return
    outcomes.refuse(payment, decline_code=error.code, at=at)
    if error.intent is not None and error.intent.is_canceled:
        payment.order.cancel()


def use_another_card(order: Order, *, at: datetime) -> Order:
    """This will give up the bank's open question, so that the order can be tried with another card.

    Stripe is asked first: a challenge that was passed just now is a sale. An order without one stays as it
    is.

    :raises StripeUnavailable: Stripe does not answer; nothing changed.
    """
    payment = order.payments.filter(state=Payment.State.CHALLENGED).first()
    if payment is not None:
        try:
            outcomes.look(payment, at=at)
        except fulfilment.Mismatch:  # logged; paid, so nothing is given up
            return order
        if payment.state == Payment.State.CHALLENGED:
            payment.abandon(at=at)
        order.refresh_from_db()
    return order


def close(order: Order, *, at: datetime) -> Order:
    """This will end an unpaid order for good, its intent included, so that it can never take money.

    :raises StripeUnavailable: Stripe does not answer; nothing changed.
    :raises Underway: it was paid, or an attempt on it began, in this very moment.
    """
    if order.intent_id:
        try:
            stripe_gateway.cancel(order.intent_id)
        except OutcomeUnknown as error:
            raise StripeUnavailable from error
        except StripeRefused:
            intent = stripe_gateway.retrieve(order.intent_id)
            if intent.is_paid:  # its challenge was passed in another tab
                fulfilment.settle(order.pk, intent, at=at)
                raise Underway(order) from None
    return _end(order, at=at)


@transaction.atomic
def _end(order: Order, *, at: datetime) -> Order:
    """Cancel the order, unless an attempt began meanwhile that no canceled intent holds up."""
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.intent_id != order.intent_id or (now.intent_id is None and now.payments.undecided().exists()):
        raise Underway(now)
    now.cancel()
    if now.coupon_id is not None:
        coupons.let_go(now.pk, at=at)
    return now
