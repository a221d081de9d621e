"""Taking an order: one per session and offer, with one attempt at a time, however many tabs ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, Subquery

from accounts.identity import Viewer
from accounts.models import User
from billing.buying import selling
from billing.buying.quotes import ForeignQuote, Quote, QuoteExpired
from billing.consenting import consents
from billing.consenting.consents import Agreed
from billing.discounts import coupons
from billing.guarding import gate, heat, velocity
from billing.guarding.work import NO_WORK, Work
from billing.joining import trials
from billing.models import LegalText, Membership, Order, Payment, Selling
from billing.settling import fulfilment
from videos import entitlements
from videos.models import Price


class NotForSale(Exception):
    """The offer was withdrawn since the quote was made."""


class AlreadyYours(Exception):
    """The viewer, who is signed in or holds the pass, has this already. Nothing was charged."""


class CardEntryUsed(Exception):
    """The card was entered for another order, which it paid or tried to pay."""


class BuyerGone(Exception):
    """The buyer's account was closed or erased a moment ago. Nothing was charged."""


class NoCard(Exception):
    """There is something to pay, and no card came with the wish."""


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
    """Who buys: the viewer (his visitor id is the checkout session), his address, and how he reads.

    `has_agreed` tells that he ticked the box of the terms, where there was one.
    """

    viewer: Viewer
    email: str
    language: str
    time_zone: str
    has_agreed: bool = False


class Begun(NamedTuple):
    """An order, the attempt to carry out now if there is one, and whether the shop's heat counts it."""

    order: Order
    payment: Payment | None
    is_counted: bool = False


def begin(
    buyer: Buyer, quote: Quote, confirmation_token: str, *, work: Work = NO_WORK, at: datetime
) -> Begun:
    """Write down the order and the attempt to pay it with this card, before Stripe hears of either.

    The same quote again is the same order, and a second tab's quote of the same offer too. No attempt comes
    back where none is to be made: the order is paid, or this very card was tried on it before.

    :raises NotForSale, AlreadyYours, BuyerGone, CardEntryUsed, NoCard, Underway, Superseded: see each;
        nothing was written.
    :raises consents.ConsentMissing, consents.TermsChanged: the buyer's law wants something agreed to first.
    :raises coupons.CouponRefused: the quote's coupon was used up or switched off meanwhile.
    :raises selling.SellingStopped: the tills are closed.
    :raises gate.WorkWanted: it is hot, and `work` was not done for this attempt.
    :raises trials.TrialGone: his days for nothing were used meanwhile.
    :raises ForeignQuote, QuoteExpired: the quote's order is another's, or was closed.
    """
    price = _quoted(quote, at=at)
    known = _order_of(buyer, quote, price)
    if known is not None and known.is_paid:
        return Begun(known, None)
    if price is None or not (price.offer.is_active and price.offer.target.is_in_shop(at=at)):
        raise NotForSale
    selling.check_tills(vars(price)["mode"])
    if not (quote.is_free or confirmation_token):
        raise NoCard
    if quote.trial_days:
        trials.check(buyer.viewer, price.offer)
    agreed = _agreed(buyer, price, quote)
    is_counted = _admit(known, price, quote, work, at=at)
    if known is None:
        try:
            return Begun(*_begin_new(buyer, price, quote, confirmation_token, agreed, at=at), is_counted)
        except IntegrityError:  # a second tab, or a second press, was a moment faster; or the card was used
            known = _order_of(buyer, quote, price)
    return Begun(*_begin_again(known, buyer, price, quote, confirmation_token, agreed, at=at), is_counted)


def _admit(known: Order | None, price: Price, quote: Quote, work: Work, *, at: datetime) -> bool:
    """Count the try and ask for work where it is hot; returns whether it was counted.

    While nobody was refused lately there is nothing to count, and a sale costs no statement more.
    """
    if quote.is_free:
        limits = velocity.of_free_order(offer_id=price.offer_id, coupon_id=quote.coupon_id)
    elif vars(price)["heat"]:
        limits = velocity.of_sale(
            offer_id=price.offer_id, currency=quote.currency, amount_minor=quote.amount_minor
        )
    else:
        return False
    attempt = known.payments.count() + 1 if known else 1
    gate.admit(limits, work, nonce=quote.nonce, attempt=attempt, at=at)
    return True


@transaction.atomic
def _begin_new(
    buyer: Buyer, price: Price, quote: Quote, confirmation_token: str, agreed: Agreed | None, *, at: datetime
) -> tuple[Order, Payment | None]:
    """Until we commit nobody else sees the order, so there is nothing to look up."""
    order = _insert(buyer, price, quote, at=at)
    payment = (
        None if quote.is_free else Payment.objects.begin(order, confirmation_token=confirmation_token, at=at)
    )
    if entitlements.owns(buyer.viewer, price.offer, at=at):
        raise AlreadyYours
    if agreed is not None:
        consents.keep(order, agreed, at=at)
    if quote.coupon_id is not None:
        coupons.hold(order, at=at)
    return (order if payment else fulfilment.settle_free(order.pk, at=at)), payment


@transaction.atomic
def _begin_again(
    known: Order | None,
    buyer: Buyer,
    price: Price,
    quote: Quote,
    confirmation_token: str,
    agreed: Agreed | None,
    *,
    at: datetime,
) -> tuple[Order, Payment | None]:
    """On an order that may be on its way; None where what stood in the way is paid or closed by now."""
    order = known or _insert(buyer, price, quote, at=at)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.is_paid:
        return order, None
    if entitlements.owns(buyer.viewer, price.offer, at=at):
        raise AlreadyYours
    number = _number_of_next(order, quote, confirmation_token)
    if number is None:
        return order, None  # the page did not hear the answer and sent the same card once more
    order.email, order.language, order.time_zone = buyer.email, buyer.language, buyer.time_zone
    order.save(update_fields=["email", "language", "time_zone"])
    if agreed is not None:
        consents.keep(order, agreed, at=at)
    if order.coupon_id is not None:
        coupons.hold(order, at=at)
    if order.is_free:
        return fulfilment.settle_free(order.pk, at=at), None
    return order, _attempt(order, number, confirmation_token, at=at)


def _agreed(buyer: Buyer, price: Price, quote: Quote) -> Agreed | None:
    """Where nothing is to be paid there is nothing to give back, and nothing is asked."""
    if quote.is_free:
        return None
    return consents.check(
        quote.terms,
        is_ticked=buyer.has_agreed,
        kind=price.offer.kind,
        time_zone=buyer.time_zone,
        currency=quote.currency,
        language=buyer.language,
    )


def _quoted(quote: Quote, *, at: datetime) -> Price | None:
    """The version that was quoted, with the mode in which the shop is, its heat, and its terms of that time.

    A newer price does not undo the promise; a withdrawn offer does.
    """
    terms = LegalText.objects.in_force(LegalText.Kind.TERMS, at=quote.shown_at)
    prices = Price.objects.select_related("offer__video", "offer__collection").annotate(
        mode=Subquery(Selling.objects.values("mode")[:1]),
        heat=heat.of_the_shop(at=at),
        terms=Subquery(terms.values("pk")),
    )
    return prices.filter(pk=quote.price_id, amount_minor=quote.price_minor, currency=quote.currency).first()


def _order_of(buyer: Buyer, quote: Quote, price: Price | None) -> Order | None:
    """The quote's own order, or else the one that this browser has open for the same offer."""
    visitor = buyer.viewer.visitor
    is_same = Q(quote_nonce=quote.nonce)
    if price is not None:
        is_same |= Q(visitor=visitor, offer=price.offer_id, state=Order.State.OPEN)
    orders = {order.quote_nonce: order for order in Order.objects.filter(is_same)}
    own = orders.pop(quote.nonce, None)
    if own is not None and own.visitor != visitor:
        raise ForeignQuote
    return own or next(iter(orders.values()), None)


def _insert(buyer: Buyer, price: Price, quote: Quote, *, at: datetime) -> Order:
    order = Order.objects.create(
        visitor=buyer.viewer.visitor,
        user_id=buyer.viewer.user_id,
        email=buyer.email,
        language=buyer.language,
        time_zone=buyer.time_zone,
        offer=price.offer,
        price=price,
        total_minor=quote.due_minor,
        trial_days=quote.trial_days,
        discount_minor=quote.discount_minor,
        coupon_id=quote.coupon_id,
        currency=quote.currency,
        quote_nonce=quote.nonce,
        terms_id=vars(price)["terms"],
        created_at=at,
    )
    _check_still_there(buyer.viewer)
    if price.offer.is_membership:
        Membership.objects.create(order=order)
    return order


def _check_still_there(viewer: Viewer) -> None:
    """After the order was written: who erases a user holds his row, and this order waited for that."""
    if viewer.user_id is not None and not User.objects.filter(pk=viewer.user_id, is_active=True).exists():
        raise BuyerGone


def _number_of_next(order: Order, quote: Quote, confirmation_token: str) -> int | None:
    """Which attempt comes next on an order that is locked; None where this very card was tried on it."""
    if order.state == Order.State.CANCELED:
        raise QuoteExpired
    attempts = list(order.payments.all())
    if any(attempt.is_undecided for attempt in attempts):
        raise Underway(order)
    if confirmation_token and any(each.confirmation_token == confirmation_token for each in attempts):
        return None
    agreed = (quote.due_minor, quote.currency, quote.coupon_id, quote.trial_days)
    if (order.total_minor, order.currency, order.coupon_id, order.trial_days) != agreed:
        raise Superseded(order)
    return len(attempts) + 1


def _attempt(order: Order, number: int, confirmation_token: str, *, at: datetime) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.begin(order, number=number, confirmation_token=confirmation_token, at=at)
    except IntegrityError as error:
        if Payment.objects.filter(confirmation_token=confirmation_token).exclude(order=order).exists():
            raise CardEntryUsed from error
        raise Underway(order) from error
