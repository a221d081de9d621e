"""What Stripe tells of refunds by itself: one failed later, was made there, or is nobody's."""

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.books import ledger
from billing.inbox import webhook_inbox
from billing.models import Order, Refund, StripeEvent
from billing.refunding import refund_outcomes
from billing.stripe import stripe_gateway, stripe_refunds
from tests.billing.club import until
from tests.buyer import Buyer
from tests.refunding import bought, give_back, later, look_at
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db(transaction=True)

FAILS_LATER = "4000000000005126"


def test_a_refund_that_fails_later_brings_the_film_back(buyer: Buyer) -> None:
    order = bought(buyer, card=FAILS_LATER)
    assert give_back(order).state == "succeeded"

    buyer.world.shift_clock("stripe", 60)
    until(lambda: buyer.world.events("refund.failed"))
    look_at(later(60))

    refund = Refund.objects.get()
    assert (refund.state, Order.objects.get().refunded_minor) == ("failed", 0)
    assert refund.succeeded_at is not None
    assert buyer.watch("noon").status_code == 200
    assert Mail.objects.filter(template="refund-failed").count() == 1
    assert give_back(Order.objects.get()).number == 2


def test_the_webhook_alone_tells_that_a_refund_failed(buyer: Buyer, celery_worker: object) -> None:
    order = bought(buyer)
    give_back(order)

    buyer.world.fail_refund(buyer.world.objects("refund")[0]["id"])

    until(lambda: Refund.objects.get().state == "failed")
    assert buyer.watch("noon").status_code == 200


def test_doubled_and_crossed_webhooks_change_nothing_more(buyer: Buyer) -> None:
    order = bought(buyer, card=FAILS_LATER)
    buyer.world.faults(webhooks={"double": True, "reorder": True})
    give_back(order)
    buyer.world.shift_clock("stripe", 60)
    until(lambda: buyer.world.events("refund.failed"))
    look_at(later(60))
    buyer.world.faults(webhooks=None)
    for event in buyer.world.events():
        buyer.world.resend(event["id"])
    buyer.world.settle()

    tasks.sweep()

    assert [refund.state for refund in Refund.objects.all()] == ["failed"]
    assert Order.objects.get().refunded_minor == 0
    assert Mail.objects.exclude(template="receipt").count() == 2


def test_a_refund_made_at_stripes_is_taken_over(buyer: Buyer, order: Order) -> None:
    buyer.world.api("POST", "refunds", payment_intent=order.intent_id, amount=790)
    buyer.world.settle()

    tasks.sweep()

    refund = Refund.objects.get()
    assert (refund.asker, refund.state, refund.amount_minor) == ("stripe", "succeeded", 790)
    assert Order.objects.get().is_refunded
    assert buyer.watch("noon").status_code == 404


def test_a_refund_of_ours_gives_way_to_one_made_at_stripes(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    buyer.world.api("POST", "refunds", payment_intent=order.intent_id, amount=790)

    refund = give_back(order)

    assert (refund.state, refund.failed_because) == ("refused", "charge_already_refunded")
    assert Refund.objects.get(asker="stripe").state == "succeeded"
    assert Order.objects.get().refunded_minor == 790
    assert buyer.watch("noon").status_code == 404


def test_a_refund_at_stripes_finds_room_where_one_of_ours_came_back_unheard(
    buyer: Buyer, order: Order
) -> None:
    first = give_back(order)
    buyer.world.faults(webhooks={"pause": True})
    buyer.world.fail_refund(str(first.refund_id))
    made = buyer.world.api("POST", "refunds", payment_intent=order.intent_id, amount=790)

    said = refund_outcomes.hear(stripe_refunds.retrieve(made["id"]), at=later(60))

    assert said == "succeeded"
    assert [each.state for each in Refund.objects.order_by("number")] == ["failed", "succeeded"]
    assert Order.objects.get().refunded_minor == 790
    assert ledger.check().is_same
    assert buyer.watch("noon").status_code == 404


def test_a_refund_at_stripes_that_came_back_unheard_needs_no_room(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    made = buyer.world.api("POST", "refunds", payment_intent=order.intent_id, amount=790)
    buyer.world.fail_refund(made["id"])
    give_back(order, 300)

    for _ in range(2):
        assert refund_outcomes.hear(stripe_refunds.retrieve(made["id"]), at=later(60)) == "failed"

    assert [each.state for each in Refund.objects.order_by("number")] == ["succeeded", "failed"]
    assert Order.objects.get().refunded_minor == 300
    assert ledger.check().is_same
    assert buyer.watch("noon").status_code == 200


@pytest.mark.parametrize(
    "type, object_id, outcome",
    [
        ("refund.updated", "re_of_nobody", "no such refund"),
        ("charge.refunded", "ch_of_nobody", "no refund"),
    ],
)
def test_an_event_of_nobodys_refund_is_done_with(
    world: World, type: str, object_id: str, outcome: str
) -> None:
    now = timezone.now()
    event = StripeEvent.objects.create(
        event_id="evt_1",
        type=type,
        object_id=object_id,
        api_version=stripe_gateway.API_VERSION,
        livemode=False,
        created_at=now,
        received_at=now,
    )

    assert webhook_inbox.process(event, at=now)

    assert event.outcome == outcome
