"""Paying in the page: a quote and a card become an order, an attempt, and an outcome."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.identity import Viewer
from billing import fulfilment, outcomes, quotes, stripe_gateway
from billing.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.models import Order, Payment
from billing.quotes import ForeignQuote, Quote
from videos import entitlements
from videos.models import Price

logger = logging.getLogger(__name__)


class NotForSale(Exception):
    """The offer was withdrawn since the quote was made."""


class AlreadyYours(Exception):
    """The viewer, who is signed in or holds the pass, has this already. Nothing was charged."""


class CardEntryUsed(Exception):
    """The card was entered for another order, which it paid or tried to pay."""


class Underway(Exception):
    """An attempt on this order is not decided yet; its outcome comes first."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.reference)
        self.order = order


class Superseded(Exception):
    """The buyer's open order of this offer is at another price; it has to be closed first."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.reference)
        self.order = order


@dataclass(frozen=True)
class Buyer:
    """Who buys: the viewer (whose visitor id is the checkout session), where the receipt goes, and how he
    reads.
    """

    viewer: Viewer
    email: str
    language: str
    time_zone: str


def pay(buyer: Buyer, *, quote: str, confirmation_token: str, at: datetime) -> Order:
    """This will buy what the quote names with the card behind the token, and return the order as it now
    stands.

    The same quote again in the same session is the same order: a paid one is returned, a refused one is
    tried once more, and one whose outcome is open raises `Underway`.

    :raises quotes.BadQuote, quotes.ForeignQuote, quotes.QuoteExpired: the quote cannot be used here and
    now.
    :raises NotForSale, AlreadyYours, CardEntryUsed, Underway: see each; nothing was charged.
    :raises StripeUnavailable: nothing was sent to Stripe.
    """
    agreed = quotes.read(quote, visitor=buyer.viewer.visitor, at=at)
    try:
        order, payment = _begin(buyer, agreed, confirmation_token, at=at)
    except Superseded as old:
        order, payment = _begin_instead_of(old.order, buyer, agreed, confirmation_token, at=at)
    if payment is not None:
        with suppress(fulfilment.Mismatch):  # logged; the attempt stays open for somebody to look at
            _carry_out(order, payment, at=at)
        order.refresh_from_db()
    return order


def _begin_instead_of(
    old: Order, buyer: Buyer, quote: Quote, confirmation_token: str, *, at: datetime
) -> tuple[Order, Payment | None]:
    close(old, at=at)
    try:
        return _begin(buyer, quote, confirmation_token, at=at)
    except Superseded as other:  # a third tab was faster
        raise Underway(other.order) from other


@transaction.atomic
def _begin(
    buyer: Buyer, quote: Quote, confirmation_token: str, *, at: datetime
) -> tuple[Order, Payment | None]:
    price = _price_on_sale(quote)
    order = _order_of(buyer, quote) or _create(buyer, price, quote, at=at)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.is_paid:
        return order, None
    if entitlements.owns(buyer.viewer, price.offer, at=at):
        raise AlreadyYours
    if order.state == Order.State.CANCELED:
        raise quotes.QuoteExpired
    if order.payments.undecided().exists():
        raise Underway(order)
    if order.payments.filter(confirmation_token=confirmation_token).exists():
        return order, None  # the page did not hear the answer and sent the same card once more
    if (order.total_minor, order.currency) != (quote.amount_minor, quote.currency):
        raise Superseded(order)
    order.email, order.language, order.time_zone = buyer.email, buyer.language, buyer.time_zone
    order.save(update_fields=["email", "language", "time_zone"])
    return order, _attempt(order, confirmation_token, at=at)


def _price_on_sale(quote: Quote) -> Price:
    """The version that was quoted. A newer price does not undo the promise; a withdrawn offer does."""
    price = (
        Price.objects.select_related("offer__video", "offer__collection")
        .filter(
            pk=quote.price_id, amount_minor=quote.amount_minor, currency=quote.currency, offer__is_active=True
        )
        .first()
    )
    if price is None or not price.offer.target.is_published:
        raise NotForSale
    return price


def _order_of(buyer: Buyer, quote: Quote) -> Order | None:
    order = Order.objects.filter(quote_nonce=quote.nonce).first()
    if order is not None and order.visitor != buyer.viewer.visitor:
        raise ForeignQuote
    if order is not None:
        return order
    return Order.objects.filter(
        visitor=buyer.viewer.visitor, offer__prices=quote.price_id, state=Order.State.OPEN
    ).first()


def _create(buyer: Buyer, price: Price, quote: Quote, *, at: datetime) -> Order:
    try:
        with transaction.atomic():
            return _insert(buyer, price, quote, at=at)
    except IntegrityError:  # a second tab, or a second press, was a moment faster
        # None: its order has been paid or closed since, and does not stand in the way any more.
        return _order_of(buyer, quote) or _insert(buyer, price, quote, at=at)


def _insert(buyer: Buyer, price: Price, quote: Quote, *, at: datetime) -> Order:
    return Order.objects.create(
        visitor=buyer.viewer.visitor,
        user_id=buyer.viewer.user_id,
        email=buyer.email,
        language=buyer.language,
        time_zone=buyer.time_zone,
        offer=price.offer,
        price=price,
        total_minor=quote.amount_minor,
        currency=quote.currency,
        quote_nonce=quote.nonce,
        created_at=at,
    )


def _attempt(order: Order, confirmation_token: str, *, at: datetime) -> Payment:
    number = order.payments.count() + 1
    try:
        with transaction.atomic():
            return Payment.objects.create(
                order=order,
                number=number,
                amount_minor=order.total_minor,
                currency=order.currency,
                idempotency_key=f"{order.reference}-{number}",
                confirmation_token=confirmation_token,
                sent_at=at,
            )
    except IntegrityError as error:
        if Payment.objects.filter(confirmation_token=confirmation_token).exclude(order=order).exists():
            raise CardEntryUsed from error
        raise Underway(order) from error


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
    payment.refuse(decline_code=error.code, at=at)
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
        outcomes.look(payment, at=at)
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
    return _end(order)


@transaction.atomic
def _end(order: Order) -> Order:
    """Cancel the order, unless an attempt began meanwhile that no canceled intent holds up."""
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.intent_id != order.intent_id or (now.intent_id is None and now.payments.undecided().exists()):
        raise Underway(now)
    now.cancel()
    return now
