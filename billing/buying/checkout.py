"""Paying in the page: a quote and a card become an order, an attempt, and an outcome."""

import logging
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.buying import order_taking, quotes
from billing.buying.order_taking import Begun, Buyer, Superseded, Underway
from billing.buying.quotes import Quote
from billing.discounts import coupons
from billing.guarding import gate
from billing.guarding.work import NO_WORK, Work
from billing.joining import starting
from billing.models import Order, Payment
from billing.settling import fulfilment, outcomes
from billing.stripe import stripe_gateway, stripe_setups, stripe_subscriptions
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.taxing import stripe_tax

logger = logging.getLogger(__name__)


def pay(buyer: Buyer, *, quote: str, confirmation_token: str, work: Work = NO_WORK, at: datetime) -> Begun:
    """This will buy what the quote names with the card behind the token; returns order and attempt as they
    stand.

    Where a coupon leaves nothing to pay there is no card, and Stripe is not asked.

    The same quote again in the same session is the same order: a paid one is returned, a refused one is
    tried once more, and one whose outcome is open raises `Underway`.

    :raises quotes.BadQuote, quotes.ForeignQuote, quotes.QuoteExpired: the quote can't be used here and now.
    :raises NotForSale, AlreadyYours, CardEntryUsed, NoCard, Underway: see each; nothing was charged.
    :raises coupons.CouponRefused: the quote's coupon does not hold any more; nothing was charged.
    :raises gate.WorkWanted: too many tries brought no sale lately; with its task done this one comes through.
    :raises StripeUnavailable: nothing was sent to Stripe.
    """
    agreed = quotes.read(quote, visitor=buyer.viewer.visitor, at=at)
    try:
        begun = order_taking.begin(buyer, agreed, confirmation_token, work=work, at=at)
    except Superseded as old:
        begun = _begin_instead_of(old.order, buyer, agreed, confirmation_token, work, at=at)
    if begun.payment is not None:
        with suppress(fulfilment.Mismatch):  # logged; the attempt stays open for somebody to look at
            return begun._replace(order=_try(begun, begun.payment, at=at))
    return begun


def _begin_instead_of(
    old: Order, buyer: Buyer, quote: Quote, confirmation_token: str, work: Work, *, at: datetime
) -> Begun:
    close(old, at=at)
    try:
        return order_taking.begin(buyer, quote, confirmation_token, work=work, at=at)
    except Superseded as other:  # a third tab was faster
        raise Underway(other.order) from other


def _try(begun: Begun, payment: Payment, *, at: datetime) -> Order:
    """Carry the attempt out, let the shop's heat know whether it brought a sale, and return the order."""
    order = begun.order
    try:
        intent = _carry_out(order, payment, at=at)
    except StripeUnavailable:
        if begun.is_counted:
            gate.note_unsent(order, at=at)
        raise
    if payment.order.is_paid:  # as settling left it
        order = payment.order
    elif payment.state not in (Payment.State.CHALLENGED, Payment.State.REFUSED):
        order.refresh_from_db(fields=["state", "intent_id", "paid_at"])
    if not order.is_paid:
        card = intent.card_fingerprint if intent else ""
        gate.note_unsold(order, card=card, is_counted=begun.is_counted, at=at)
    elif begun.is_counted:
        gate.note_sold(order, at=at)
    return order


def _carry_out(order: Order, payment: Payment, *, at: datetime) -> Intent | None:
    """Ask Stripe, outside any transaction, and note what came of it; returns its answer if it gave one."""
    try:
        intent = _confirm(order, payment)
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
        return intent
    return None


def _confirm(order: Order, payment: Payment) -> Intent:
    return_url = settings.SITE_URL + reverse("billing:return")
    intent_id = starting.intent_for(order, payment) if order.offer.is_membership else order.intent_id
    if payment.is_setup:
        return stripe_setups.confirm(payment, intent_id=intent_id or "", return_url=return_url)
    return stripe_gateway.charge(
        payment,
        order_reference=order.reference,
        intent_id=intent_id,
        return_url=return_url,
        tax_calculation=stripe_tax.prepare(order, payment),
    )


def _note_refused(payment: Payment, error: StripeRefused, *, at: datetime) -> None:
    """Most of all the intent may have succeeded meanwhile: its challenge was passed in another tab.

    One that was canceled never takes money again, so its order is closed: the next quote makes another.
    """
    if error.intent is not None and error.intent.is_paid:
        try:
            outcomes.note(payment, stripe_setups.retrieve(error.intent.id), at=at)
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
            _take_back(order, order.intent_id)
        except OutcomeUnknown as error:
            raise StripeUnavailable from error
        except StripeRefused:
            intent = stripe_setups.retrieve(order.intent_id)
            if intent.is_paid:  # its challenge was passed in another tab
                fulfilment.settle(order.pk, intent, at=at)
                raise Underway(order) from None
    return _end(order, at=at)


def _take_back(order: Order, intent_id: str) -> None:
    """An invoice's intent goes with its subscription; one that was paid just now must not."""
    if not order.offer.is_membership:
        stripe_gateway.cancel(intent_id)
    elif not stripe_setups.retrieve(intent_id).is_paid:
        stripe_subscriptions.end(order.membership.subscription_id or "")
    else:
        raise StripeRefused("paid")


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
