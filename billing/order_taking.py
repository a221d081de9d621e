"""Taking an order: one per session and offer, with one attempt at a time, however many tabs ask."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.identity import Viewer
from billing.models import Order, Payment
from billing.quotes import ForeignQuote, Quote, QuoteExpired
from videos import entitlements
from videos.models import Price


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
    """Who buys: the viewer (his visitor id is the checkout session), his address, and how he reads."""

    viewer: Viewer
    email: str
    language: str
    time_zone: str


@transaction.atomic
def begin(
    buyer: Buyer, quote: Quote, confirmation_token: str, *, at: datetime
) -> tuple[Order, Payment | None]:
    """Write down the order and the attempt to pay it with this card, before Stripe hears of either.

    The same quote again is the same order, and a second tab's quote of the same offer too. No attempt comes
    back where none is to be made: the order is paid, or this very card was tried on it before.

    :raises NotForSale, AlreadyYours, CardEntryUsed, Underway, Superseded: see each; nothing was written.
    :raises ForeignQuote, QuoteExpired: the quote's order is another's, or was closed.
    """
    known = _order_of(buyer, quote)
    if known is not None and known.is_paid:
        return known, None
    price = _price_on_sale(quote)
    order = Order.objects.select_for_update().get(pk=(known or _create(buyer, price, quote, at=at)).pk)
    if order.is_paid:
        return order, None
    if entitlements.owns(buyer.viewer, price.offer, at=at):
        raise AlreadyYours
    if order.state == Order.State.CANCELED:
        raise QuoteExpired
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
