"""Attacks on memberships: one invoice told twice at once, and money that belongs to something else."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.core import signing
from django.utils import timezone

from accounts.models import User
from billing.joining import plan_prospects, price_moves, renewing
from billing.models import Membership, Order, PriceMove
from billing.settling import fulfilment
from billing.stripe import stripe_gateway, stripe_subscriptions
from billing.stripe.intents import Intent
from billing.stripe.stripe_subscriptions import Invoice
from tests import factories, promises
from tests.billing.club import until
from tests.concurrency.racing import overtaken
from tests.concurrency.stage import ALWAYS_ASKS, Stage
from videos import pricing
from videos.models import Entitlement


def one_renewal_is_told_twice(stage: Stage) -> None:
    """The event and the sweep bring the same paid invoice in the same moment."""
    membership, invoice, intent = _renewed_in_silence(stage)
    settle = partial(renewing.settle, membership.pk, invoice, intent, at=timezone.now())

    said = promises.undisturbed(lambda: overtaken(settle, settle, owner=renewing, name="_order"))

    promises.keep(sorted(said) == [False, True], "a renewal was news twice")


def a_renewal_is_paid_with_less(stage: Stage) -> None:
    """An intent of a smaller sum is taken for the one that pays the invoice."""
    membership, invoice, intent = _renewed_in_silence(stage)

    with suppress(fulfilment.Mismatch):
        renewing.settle(membership.pk, invoice, replace(intent, received_minor=1), at=timezone.now())

    promises.keep(Order.objects.count() == 1, "a renewal was noted that nobody paid")


def anybodys_intent_pays_the_first_invoice(stage: Stage) -> None:
    """Another subscription's intent, which names no order either, is taken for this order's."""
    order, intent = _asked(stage)

    with suppress(fulfilment.Mismatch):
        sum_minor = intent.amount_minor
        other = replace(intent, id="pi_other", status="succeeded", received_minor=sum_minor)
        fulfilment.settle(order.pk, other, at=timezone.now())

    order.refresh_from_db()
    promises.keep(not order.is_paid, "another's money paid for the membership")


def one_card_has_two_trials(stage: Stage) -> None:
    """Two strangers of whom only the card tells that they are one begin a trial each."""
    _give_trials(stage)
    for _ in range(2):
        buyer = stage.stranger()
        buyer.pay(buyer.quote("all-day", offer="membership-month", kind="collections"))

    began = Order.objects.filter(trial_days=7, state=Order.State.PAID).count()
    promises.keep(began == 1, "one card had two trials")


def one_browser_has_two_trials(stage: Stage) -> None:
    """A quote of free days that was signed before the first trial began is used after it has ended."""
    _give_trials(stage)
    buyer = stage.stranger()
    early, late = (
        buyer.quote("all-day", offer="membership-month", kind="collections", currency=each)
        for each in ("usd", "krw")
    )
    buyer.pay(early)
    Entitlement.objects.update(revoked_at=timezone.now(), revoked_because="ended")
    buyer.pay(late, card="5555555555554444")

    began = Order.objects.filter(trial_days=7, state=Order.State.PAID).count()
    promises.keep(began == 1, "one browser had two trials")


def a_price_rises_at_once(stage: Stage) -> None:
    """The operator moves a member to a new price, whose next renewal lies within the days of notice."""
    stage.world.faults(webhooks={"pause": True})
    offer = factories.membership(factories.collection(stage.film, slug="all-day"))
    buyer = stage.stranger()
    buyer.pay(buyer.quote("all-day", offer="membership-month", kind="collections"))
    pricing.change(offer, currency="usd", amount_minor=990, at=timezone.now())
    staff = User.objects.create_user("cho@example.com")
    price_moves.move(Membership.objects.all(), reason="rose", asked_by=staff.pk, at=timezone.now())
    PriceMove.objects.update(not_before=timezone.now() + timedelta(days=40))
    price_moves.sweep(at=timezone.now())

    costs = stage.world.objects("subscription")[0]["items"]["data"][0]["price"]["unit_amount"]
    promises.keep(costs == 790, "a price rose before the notice was over")


def a_plan_costs_more_than_was_shown(stage: Stage) -> None:
    """A sum that was right when it was signed is not what Stripe would charge any more."""
    stage.world.faults(webhooks={"pause": True})
    collection = factories.collection(stage.film, slug="all-day")
    factories.membership(collection)
    factories.membership(collection, "year", usd=7900)
    buyer = stage.stranger()
    buyer.pay(buyer.quote("all-day", offer="membership-month", kind="collections"))
    membership = Membership.objects.get()
    shown = plan_prospects.ask(membership, plan_prospects.longer_plans(membership)[0], at=timezone.now())
    claims = signing.loads(shown.wish, salt="billing.plan_changes")
    wish = signing.dumps({**claims, "due": claims["due"] - 100}, salt="billing.plan_changes")
    buyer.post(f"/api/v1/orders/{membership.order.reference}/plan-changes/", {"wish": wish})

    charged = [each["amount"] for each in stage.world.objects("charge")]
    promises.keep(charged == [790], "another sum was charged than was shown")


def _give_trials(stage: Stage) -> None:
    stage.world.faults(webhooks={"pause": True})
    factories.membership(factories.collection(stage.film, slug="all-day"), trial_days=7)


def _asked(stage: Stage) -> tuple[Order, Intent]:
    stage.world.faults(webhooks={"pause": True})
    factories.membership(factories.collection(stage.film, slug="all-day"))
    buyer = stage.stranger()
    quote = buyer.quote("all-day", offer="membership-month", kind="collections")
    order = Order.objects.get(reference=buyer.pay(quote, card=ALWAYS_ASKS).json()["order"])
    # Unbound again: the guard alone must see that the intent is another's.
    Order.objects.filter(pk=order.pk).update(intent_id=None)
    return order, stripe_gateway.retrieve(order.intent_id or "")


def _renewed_in_silence(stage: Stage) -> tuple[Membership, Invoice, Intent]:
    stage.world.faults(webhooks={"pause": True})
    factories.membership(factories.collection(stage.film, slug="all-day"))
    buyer = stage.stranger()
    buyer.pay(buyer.quote("all-day", offer="membership-month", kind="collections"))
    membership = Membership.objects.select_related("order").get()
    stage.world.shift_clock("stripe", timedelta(days=31, hours=2).total_seconds())
    until(lambda: len(_paid(membership)) > 1)
    invoice = _paid(membership)[0]
    return membership, invoice, stripe_gateway.retrieve(invoice.intent_id)


def _paid(membership: Membership) -> list[Invoice]:
    return list(stripe_subscriptions.paid_invoices(membership.subscription_id or ""))
