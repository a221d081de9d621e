"""How the shop hears of disputes: early, late, twice, from a sweep, or of one that is nobody's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.disputing import dispute_outcomes
from billing.inbox import webhook_inbox
from billing.models import Dispute, Order, StripeEvent
from billing.reconciling import reconciliation
from billing.stripe import stripe_disputes
from billing.stripe.intents import StripeUnavailable
from tests.billing.bank import DISPUTES, hear, raise_dispute
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.refunding import later

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_dispute_that_is_heard_of_before_its_sale_settles_it(buyer: Buyer) -> None:
    buyer.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/payment_intents", "times": 1, "how": "drop_after"}]},
        webhooks={"pause": True},
    )
    buyer.buy("noon", card=DISPUTES)
    assert not Order.objects.get().is_paid

    said = _heard(buyer)

    assert said == "needs_response"
    assert Order.objects.get().is_paid
    assert buyer.watch("noon").status_code == 404


def test_events_in_any_order_and_again_come_to_the_same(buyer: Buyer, order: Order) -> None:
    buyer.world.lose_dispute(raise_dispute(buyer, order))
    buyer.world.settle()

    for event in StripeEvent.objects.filter(type__startswith="charge.dispute.").order_by("-id"):
        webhook_inbox.replay(event, at=timezone.now())
    tasks.sweep()

    assert Dispute.objects.get().state == "lost"
    assert Mail.objects.filter(template__startswith="dispute").count() == 3


def test_old_news_never_open_what_is_decided(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)
    old = stripe_disputes.retrieve(dispute_id)
    buyer.world.win_dispute(dispute_id)
    hear(buyer)

    assert dispute_outcomes.hear(old, at=timezone.now()) == "won"

    assert buyer.watch("noon").status_code == 200


def test_twenty_workers_hear_of_one_dispute_once(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    told = buyer.world.dispute(order.payments.get().charge_id)
    found = stripe_disputes.retrieve(told["id"])

    said = all_at_once(*[lambda: dispute_outcomes.hear(found, at=timezone.now())] * 20)

    assert set(said) == {"needs_response"}
    assert Dispute.objects.count() == 1
    assert Mail.objects.filter(template="dispute").count() == 1


def test_the_sweep_finds_out_what_no_event_told(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)
    buyer.world.faults(webhooks={"pause": True})
    buyer.world.win_dispute(dispute_id)

    assert dispute_outcomes.sweep(at=timezone.now()) == 0
    assert dispute_outcomes.sweep(at=later(3601)) == 1

    assert Dispute.objects.get().state == "won"
    assert dispute_outcomes.sweep(at=later(10**6)) == 0


def test_the_sweep_waits_while_stripe_is_silent(buyer: Buyer, order: Order) -> None:
    raise_dispute(buyer, order)
    buyer.world.faults(
        webhooks={"pause": True}, stripe={"fail_next": [{"call": "GET /v1/disputes/{dispute}", "how": "503"}]}
    )

    assert dispute_outcomes.sweep(at=later(3601)) == 0

    buyer.world.win_dispute(Dispute.objects.get().dispute_id)
    assert dispute_outcomes.sweep(at=later(7300)) == 1


def test_reconciling_waits_while_stripe_is_silent(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "GET /v1/disputes", "how": "503"}]})

    with pytest.raises(StripeUnavailable):
        _differences(fix=False)


def test_reconciling_finds_disputes_that_no_event_told(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    told = buyer.world.dispute(order.payments.get().charge_id)

    assert f"Dispute {told['id']} over $7.90" in " ".join(_differences(fix=False))
    assert not Dispute.objects.exists()
    _differences(fix=True)

    assert Dispute.objects.get().state == "needs_response"
    assert not _differences(fix=False)
    buyer.world.win_dispute(told["id"])
    assert "needs_response here and won at Stripe" in " ".join(_differences(fix=True))
    assert Dispute.objects.get().state == "won"


def test_a_dispute_of_no_order_of_ours_changes_nothing(buyer: Buyer, order: Order) -> None:
    made = buyer.world.api(
        "POST",
        "payment_intents",
        **{"amount": 500, "currency": "usd", "confirm": "true", "payment_method": "pm_card_createDispute"},
        **{"allowed_payment_method_types[]": "card"},
    )
    hear(buyer)

    event = StripeEvent.objects.filter(type="charge.dispute.created").get()
    assert made["status"] == "succeeded"
    assert event.outcome == "not an order of ours"
    assert not Dispute.objects.exists()
    assert buyer.watch("noon").status_code == 200


def test_an_event_of_an_unknown_dispute_changes_nothing(buyer: Buyer, order: Order) -> None:
    event = StripeEvent.objects.create(
        event_id="evt_1",
        type="charge.dispute.created",
        object_id="du_unknown",
        api_version="2026-10-28.endive",
        livemode=False,
        created_at=timezone.now(),
        received_at=timezone.now(),
    )

    assert webhook_inbox.process(event, at=timezone.now())

    assert event.outcome == "no such dispute"


def _heard(buyer: Buyer) -> str:
    told = buyer.world.objects("dispute")[0]
    return dispute_outcomes.hear(stripe_disputes.retrieve(told["id"]), at=timezone.now())


def _differences(*, fix: bool) -> list[str]:
    now = timezone.now()
    found = reconciliation.reconcile(
        since=now - timedelta(hours=1), until=now + timedelta(seconds=5), at=now, fix=fix
    )
    return [each.what for each in found if each.what.startswith("Dispute")]
