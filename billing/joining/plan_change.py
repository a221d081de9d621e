"""Changing the plan of a membership: the difference is paid first, and nothing changes until it is.

The order and its attempt are written before Stripe hears of either. Stripe holds the change back until its
invoice is paid; one that is not paid is taken back, so that it cannot come into effect later.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.identity import Viewer
from accounts.sweeping import if_any, one_by_one
from billing.buying import selling
from billing.joining import plan_prospects, stripe_prices
from billing.joining.plan_prospects import Wish
from billing.models import Membership, MembershipPeriod, Order, Payment, PlanChange
from billing.settling import fulfilment, outcomes
from billing.stripe import stripe_gateway, stripe_plans, stripe_subscriptions
from billing.stripe.intents import Intent, OutcomeUnknown, StripeRefused, StripeUnavailable
from billing.stripe.stripe_subscriptions import Invoice, Subscription
from videos.models import Price

logger = logging.getLogger(__name__)

_MOST_A_DAY = 5
# A change is left alone until its own request has surely ended.
_FIRST_LOOK = timedelta(seconds=30)


class MayNotChange(Exception):
    """There is nothing to change now: the membership ends, owes, is in its free days, or the plan is gone."""


class SumChanged(Exception):
    """Stripe would charge another sum than was shown. Nothing was charged."""


class TooMany(Exception):
    """Too many changes were tried within a day. Nothing was charged."""


class Underway(Exception):
    """A change is not decided yet; its outcome comes first."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.reference)
        self.order = order


def change(membership: Membership, viewer: Viewer, *, wish: str, at: datetime) -> Order:
    """This will charge the difference to the card on file and let the plan change; returns the order as it
    stands. Where the bank asks its owner, the order waits for his answer.

    :raises plan_prospects.BadWish, MayNotChange, SumChanged, TooMany: see each; nothing was charged.
    :raises Underway: see there.
    :raises selling.SellingStopped: the tills are closed.
    :raises StripeUnavailable: Stripe does not answer; nothing was charged.
    """
    selling.check_tills(selling.mode())
    agreed = plan_prospects.read(wish, membership=membership)
    known = Order.objects.filter(quote_nonce=agreed.nonce).first()
    if known is not None:
        return known  # pressed twice
    plans = {each.pk: each for each in plan_prospects.longer_plans(membership)}
    price = plans.get(agreed.price_id)
    if price is None or not plan_prospects.may_change(membership):
        raise MayNotChange
    try:
        if not plan_prospects.still_costs(membership, price, agreed):
            raise SumChanged
    except OutcomeUnknown as error:
        raise StripeUnavailable from error
    except StripeRefused as error:
        raise MayNotChange from error
    change, payment = _begin(membership, viewer, price, agreed, at=at)
    with suppress(fulfilment.Mismatch):  # logged; somebody has to look
        _carry_out(change, payment, at=at)
    change.order.refresh_from_db()
    return change.order


@transaction.atomic
def _begin(
    membership: Membership, viewer: Viewer, price: Price, wish: Wish, *, at: datetime
) -> tuple[PlanChange, Payment]:
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    under_way = membership.plan_changes.under_way().select_related("order").first()
    if under_way is not None:
        raise Underway(under_way.order)
    if membership.plan_changes.filter(asked_at__gt=at - timedelta(days=1)).count() >= _MOST_A_DAY:
        raise TooMany
    first = membership.order
    try:
        with transaction.atomic():
            order = first.another(
                price,
                visitor=viewer.visitor or first.visitor,
                user_id=viewer.user_id or first.user_id,
                total_minor=wish.due_minor,
                quote_nonce=wish.nonce,
                created_at=at,
            )
            order.save()
    except IntegrityError as error:  # pressed twice in one moment
        raise MayNotChange from error
    change = PlanChange.objects.create(
        order=order, membership=membership, prorated_at=wish.prorated_at, asked_at=at
    )
    payment = Payment.objects.begin(order, at=at)
    # Should the answer get lost, the next look at the membership finds the invoice.
    Membership.objects.filter(pk=membership.pk).update(look_after=at + _FIRST_LOOK)
    return change, payment


def _carry_out(change: PlanChange, payment: Payment, *, at: datetime) -> None:
    """Ask Stripe, outside any transaction, and note what came of it."""
    order, membership = change.order, change.membership
    try:
        subscription = stripe_plans.change_plan(
            membership.subscription_id or "",
            price_id=stripe_prices.at_stripe(order.price),
            prorated_at=change.prorated_at,
            key=f"{payment.idempotency_key}-plan",
        )
        bind(change, subscription)
        order.refresh_from_db(fields=["intent_id"])
        if not order.intent_id:  # whatever it is, it is booked as Stripe tells it, and somebody has to look
            logger.error("a change of plan that does not fit", extra={"order": order.reference})
            outcomes.note_no_answer(payment, is_over=True, at=at)
            return
        outcomes.note(payment, _confirmed(order, payment), at=at)
    except OutcomeUnknown as error:
        outcomes.note_no_answer(payment, is_over=error.is_over, at=at)
    except StripeUnavailable:
        if order.intent_id:  # only how it went is not known
            outcomes.note_no_answer(payment, is_over=True, at=at)
            return
        outcomes.note_nothing_sent(payment, at=at)
        _end(change, at=at)
        raise
    except StripeRefused as error:
        logger.error("Stripe refused a change of plan", extra={"order": order.reference, "code": error.code})
        outcomes.refuse(payment, decline_code=error.code, at=at)
    if payment.state == Payment.State.REFUSED:
        close(change, at=at)


def _confirmed(order: Order, payment: Payment) -> Intent:
    """The invoice's intent, which Stripe has tried already; where the bank asks, asked so that we can frame
    its question.
    """
    intent = stripe_gateway.retrieve(order.intent_id or "")
    if not intent.needs_challenge:
        return intent
    return_url = settings.SITE_URL + reverse("billing:return")
    return stripe_gateway.charge(
        payment, order_reference=order.reference, intent_id=intent.id, return_url=return_url
    )


def bind(change: PlanChange, subscription: Subscription) -> bool:
    """This will tie the order to the invoice that pays for the change, where there is one that is not known
    yet. Again: nothing changes.
    """
    invoice = subscription.latest_invoice
    if change.order.intent_id or not _is_its_own(change, invoice):
        return False
    MembershipPeriod.objects.get_or_create(
        order=change.order,
        defaults={
            "membership": change.membership,
            "invoice_id": invoice.id,
            "starts_at": invoice.starts_at,
            "ends_at": invoice.ends_at,
        },
    )
    return bool(Order.objects.filter(pk=change.order_id, intent_id=None).update(intent_id=invoice.intent_id))


def _is_its_own(change: PlanChange, invoice: Invoice) -> bool:
    is_known = MembershipPeriod.objects.filter(invoice_id=invoice.id).exclude(order=change.order_id).exists()
    is_same = (invoice.due_minor, invoice.currency) == (change.order.total_minor, change.order.currency)
    return is_same and bool(invoice.intent_id) and not is_known


def close(change: PlanChange, *, at: datetime) -> None:
    """This will take back a change that was not paid, so that nothing can come of it later.

    Stripe silent: the sweep does it.
    """
    order = Order.objects.get(pk=change.order_id)
    if order.intent_id and not order.is_paid:
        period = MembershipPeriod.objects.get(order=order)
        try:
            stripe_plans.void(period.invoice_id)
        except (StripeUnavailable, OutcomeUnknown):
            return
        except StripeRefused:  # it was paid in this very moment, or Stripe has taken it back itself
            intent = stripe_gateway.retrieve(order.intent_id)
            if intent.is_paid:
                fulfilment.settle(order.pk, intent, at=at)
                return
    _end(change, at=at)


@transaction.atomic
def _end(change: PlanChange, *, at: datetime) -> None:
    change.order.cancel()
    change.close(at=at)


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will find out what became of changes whose answer was lost, and take back those that were not
    paid. Returns how many are over by that.
    """
    under_way = PlanChange.objects.under_way().filter(asked_at__lte=at - _FIRST_LOOK)
    rows = under_way.select_related("order", "membership").order_by("asked_at", "id")
    return one_by_one(if_any(rows[:limit]), lambda each: _look(each, at=at))


def _look(change: PlanChange, *, at: datetime) -> bool:
    order = change.order
    try:
        if not order.intent_id and not order.is_paid:
            bind(change, stripe_subscriptions.retrieve(change.membership.subscription_id or ""))
            order.refresh_from_db()
        if order.payments.undecided().exists():
            return False
        close(change, at=at)
    except (StripeUnavailable, StripeRefused, fulfilment.Mismatch):
        return False
    return not PlanChange.objects.under_way().filter(pk=change.pk).exists()
