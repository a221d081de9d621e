"""The answer to Pay, the status call, the webhook and the sweep bring one payment at once: one effect."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing.inbox import webhook_inbox
from billing.models import Order, StripeEvent
from billing.settling import fulfilment, order_status, outcomes
from billing.stripe import stripe_gateway
from tests import promises
from tests.concurrency.racing import all_at_once, meeting, overtaken, results, turnstile, until
from tests.concurrency.stage import ALWAYS_ASKS, LATER, Stage
from tests.saboteurs.settling import guards
from tests.saboteurs.taking_away import dropped
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_its_guards_a_payment_has_two_effects(stage: Stage) -> None:
    order = stage.open_order()
    stage.pass_challenge(order)
    intent = stripe_gateway.retrieve(order.intent_id or "")

    def settle() -> Order:
        return fulfilment.settle(order.pk, intent, at=timezone.now())

    with (
        guards.settling_in_pieces(),
        guards.any_order_is_marked_paid(),
        dropped(Entitlement, "one_entitlement_per_reason_video"),
        dropped(Mail, "cause"),
        meeting(Entitlement, "save"),
        meeting(Mail, "save"),
    ):
        all_at_once(settle, settle)
        effects = (Entitlement.objects.count(), Mail.objects.count())

    assert effects == (2, 2)


def test_eight_threads_settle_one_payment(stage: Stage) -> None:
    order = stage.open_order()
    stage.pass_challenge(order)
    intent = stripe_gateway.retrieve(order.intent_id or "")

    settled = all_at_once(*[partial(fulfilment.settle, order.pk, intent, at=timezone.now())] * 8)

    assert {each.state for each in settled} == {"paid"}
    promises.sold(stage.world)


def test_the_answer_the_webhook_and_the_sweep_bring_one_payment(stage: Stage) -> None:
    stage.world.faults(webhooks={"pause": True})
    ada = stage.stranger()
    press = partial(ada.pay, ada.quote("noon"), token=stage.world.confirmation_token())

    with ThreadPoolExecutor(1) as pool, turnstile(fulfilment, "settle") as answered:
        answer = pool.submit(press)
        answered.wait_until_reached(answer)
        stage.deliver(stage.event())
        with meeting(fulfilment, "settle", parties=2):
            all_at_once(_process, _sweep)
        answered.open()
        said = results([answer])

    assert promises.named(said) == ["paid"]
    promises.sold(stage.world)


def test_four_witnesses_of_a_passed_challenge_bring_one_payment(stage: Stage) -> None:
    stage.world.faults(webhooks={"pause": True})
    ada = stage.stranger()
    asked = ada.buy("noon", card=ALWAYS_ASKS)
    stage.pass_challenge(Order.objects.get())
    stage.deliver(stage.event())
    status, another = stage.tabs(ada, 2)

    with meeting(fulfilment, "settle", parties=4):
        said = all_at_once(
            partial(status.status, asked["order"]),
            partial(another.another_card, asked["order"]),
            _process,
            _sweep,
        )

    assert [each["state"] for each in said if isinstance(each, dict)] == ["paid", "paid"]
    promises.sold(stage.world)


def test_a_page_that_read_the_order_before_it_was_settled_still_hears_of_it(stage: Stage) -> None:
    stage.world.faults(webhooks={"pause": True})
    ada = stage.stranger()
    asked = ada.buy("noon", card=ALWAYS_ASKS)
    stage.pass_challenge(Order.objects.get())

    said = overtaken(partial(ada.status, asked["order"]), _sweep, owner=order_status, name="find_out")

    assert isinstance(said[0], dict)
    assert said[0]["state"] == "paid"


def test_everybody_asks_everywhere_and_the_receipt_is_mailed_once(
    stage: Stage, celery_worker: object
) -> None:
    """As in life: a real worker, webhooks doubled, every tab asking, the sweep running."""
    stage.world.faults(webhooks={"double": True})
    ada = stage.stranger()
    to = f"{id(stage)}@example.com"
    asked = ada.pay(ada.quote("noon"), card=ALWAYS_ASKS, email=to).json()
    stage.pass_challenge(Order.objects.get())

    said = all_at_once(*[partial(tab.status, asked["order"]) for tab in stage.tabs(ada, 8)], *[_sweep] * 2)

    assert {each["state"] for each in said if isinstance(each, dict)} <= {"paid", "challenge"}
    until(lambda: Mail.objects.exclude(sent_at=None).exists())
    stage.world.settle()
    assert ada.status(asked["order"])["state"] == "paid"
    assert len(stage.world.sandbox.mail(to)) == 1
    promises.sold(stage.world)


def _process() -> bool:
    return webhook_inbox.process(StripeEvent.objects.get(), at=timezone.now())


def _sweep() -> int:
    return outcomes.sweep(at=timezone.now() + LATER)
