"""A membership goes on by itself: each paid invoice is one order, and the same right lasts longer."""

import itertools
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from billing.books import balance, ledger
from billing.inbox import webhook_inbox
from billing.joining import following, renewing
from billing.models import Membership, MembershipPeriod, Order, Payment, Refund
from billing.reconciling import reconciliation
from billing.refunding import refunds
from billing.stripe import stripe_gateway, stripe_subscriptions
from tests import promises
from tests.billing.club import A_MONTH, Club, until
from tests.conftest import Shop
from tests.moments import later
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(shop: Shop) -> Club:
    return Club(shop)


def assert_renewed(times: int) -> None:
    membership, right = Membership.objects.get(), Entitlement.objects.get()
    orders, periods = Order.objects.order_by("id"), MembershipPeriod.objects.order_by("ends_at")
    assert [order.state for order in orders] == ["paid"] * (times + 1)
    assert [period.order_id for period in periods] == [order.pk for order in orders]
    assert all(one.ends_at == next_.starts_at for one, next_ in itertools.pairwise(periods))
    assert right.reference == membership.order.reference == orders[0].reference
    assert right.ends_at == periods.latest("ends_at").ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert Mail.objects.filter(template="receipt").count() == times + 1
    promises.receipts_run_on()
    assert ledger.check().is_same
    assert len(ledger.booked(f"sale:{order.reference}" for order in orders)) == times + 1


def test_a_paid_renewal_moves_the_end_of_the_same_right(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    club.pass_time(A_MONTH)

    club.look()

    assert_renewed(1)
    renewal = Order.objects.latest("id")
    payment = Payment.objects.get(order=renewal)
    assert (renewal.total_minor, renewal.currency, payment.state) == (790, "usd", "succeeded")
    assert payment.charge_id.startswith("ch_")
    assert Mail.objects.get(cause=f"receipt:{renewal.reference}").context["is_renewal"] == "yes"


def test_the_event_alone_brings_the_renewal(club: Club, celery_worker: object) -> None:
    club.member()
    club.pass_time(A_MONTH)

    until(lambda: Order.objects.count() == 2)
    club.world.settle()
    webhook_inbox.sweep(at=later(60))
    assert_renewed(1)


def test_the_sweep_finds_a_renewal_whose_events_were_lost(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    following.sweep(at=timezone.now())
    club.pass_time(A_MONTH)

    assert following.sweep(at=timezone.now()) == 0, "nothing is due yet"
    following.sweep(at=timezone.now() + A_MONTH)

    assert_renewed(1)


def test_several_renewals_that_come_late_and_again_count_once_each(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    club.pass_time(2 * A_MONTH)

    for _ in range(3):
        club.look()

    assert_renewed(2)


def test_an_older_invoice_after_a_newer_takes_nothing_away(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    membership = club.member()
    club.pass_time(2 * A_MONTH)
    newest, older, _first = stripe_subscriptions.paid_invoices(membership.subscription_id or "")

    for invoice in (newest, older):
        renewing.settle(membership.pk, invoice, stripe_gateway.retrieve(invoice.intent_id), at=timezone.now())

    right = Entitlement.objects.get()
    assert right.ends_at == newest.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert Order.objects.count() == 3


def test_the_books_agree_with_stripe_after_a_renewal(club: Club) -> None:
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    club.pass_time(A_MONTH)
    club.look()
    balance.fetch(at=timezone.now() + A_MONTH)

    since, end = timezone.now() - timedelta(days=1), timezone.now() + A_MONTH + timedelta(days=1)
    left = [
        each.what for each in reconciliation.reconcile(since=since, until=end, at=timezone.now(), fix=True)
    ]

    assert left == []


def test_money_that_went_back_ends_the_membership_at_stripe_too(club: Club, cho: object) -> None:
    membership = club.member()
    order = membership.order
    wish = refunds.Wish(
        amount_minor=order.total_minor,
        after_minor=0,
        reason=Refund.Reason.OTHER,
        ends_access=True,
        asker=Refund.Asker.SHOP,
    )
    refunds.ask(order, wish, at=timezone.now())
    refunds.sweep(at=timezone.now())

    following.sweep(at=timezone.now())

    assert club.buyer.watch("noon").status_code == 404
    assert club.world.objects("subscription")[0]["status"] == "canceled"
    assert Membership.objects.get().state == "ended"
