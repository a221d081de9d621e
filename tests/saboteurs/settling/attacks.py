"""Attacks on settling: news of one payment that come twice, late, crossed, wrong, or not at all."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from unittest import mock

from django.utils import timezone

from accounts import mailing
from accounts.identity import give_pass
from accounts.models import Mail, Pass
from billing import tasks
from billing.inbox import webhook_inbox
from billing.models import Order, StripeEvent, TaxCalculation
from billing.models.receipts import ReceiptCounterManager
from billing.settling import fulfilment, outcomes
from billing.stripe import stripe_gateway
from billing.stripe.intents import Intent
from tests import promises
from tests.concurrency.racing import all_at_once, meeting, overtaken
from tests.concurrency.stage import LATER, Stage
from tests.saboteurs.rows import saved
from videos import entitlements
from videos.models import Entitlement


def two_intents_for_one_order(stage: Stage) -> None:
    """Two intents claim to have paid one order; somebody must hear of the second one."""
    order, intent = _paid_in_silence(stage)

    def settle(intent: Intent) -> str:
        try:
            return fulfilment.settle(order.pk, intent, at=timezone.now()).state
        except fulfilment.Mismatch:
            return "refused"

    said = overtaken(
        partial(settle, intent),
        partial(settle, replace(intent, id="pi_other")),
        owner=fulfilment,
        name="_check",
        after=True,
    )

    promises.keep(sorted(said) == ["paid", "refused"], "a second intent was taken in silence")


def the_same_news_comes_later(stage: Stage) -> None:
    order, intent = _paid_at_stripe(stage)
    fulfilment.settle(order.pk, intent, at=timezone.now())
    before = promises.everything()

    promises.undisturbed(lambda: fulfilment.settle(order.pk, intent, at=timezone.now() + LATER))

    promises.unchanged(before)


def a_refusal_comes_late(stage: Stage) -> None:
    """An answer from before the bank said yes arrives after the sale."""
    _late_news(stage, status="requires_payment_method", challenge_url="", decline_code="generic_decline")


def a_question_comes_late(stage: Stage) -> None:
    """The first answer, in which the bank still asks, arrives after the sale."""
    _late_news(stage, status="requires_action", challenge_url="http://bank.example/")


def _late_news(stage: Stage, **old: Any) -> None:
    order, intent = _paid_at_stripe(stage)
    payment = order.payments.get()
    fulfilment.settle(order.pk, intent, at=timezone.now())

    promises.undisturbed(lambda: outcomes.note(payment, replace(intent, **old), at=timezone.now()))

    promises.sold(stage.world)


def a_sold_order_is_closed(stage: Stage) -> None:
    """Somebody who saw the order open closes it after it was sold."""
    order, intent = _paid_at_stripe(stage)
    fulfilment.settle(order.pk, intent, at=timezone.now())

    promises.undisturbed(order.cancel)

    promises.sold(stage.world)


def settling_is_cut_short(stage: Stage) -> None:
    """The last step of settling fails, and the next witness brings the same news."""
    order, intent = _paid_at_stripe(stage)
    with mock.patch.object(mailing, "put", side_effect=OSError):
        promises.keep(_fails(lambda: fulfilment.settle(order.pk, intent, at=timezone.now())), "no failure")

    fulfilment.settle(order.pk, intent, at=timezone.now())

    promises.sold(stage.world)


def a_sale_fails_after_its_number(stage: Stage) -> None:
    """The receipt's number was taken already when settling fails; the next sale gets it."""
    order, intent = _paid_at_stripe(stage)
    with mock.patch.object(mailing, "put", side_effect=OSError):
        promises.keep(_fails(lambda: fulfilment.settle(order.pk, intent, at=timezone.now())), "no failure")

    fulfilment.settle(order.pk, intent, at=timezone.now())

    promises.receipts_run_on()


def two_sales_want_a_number(stage: Stage) -> None:
    """The second sale comes while the first has its number and has not ended."""
    sales = [_paid_at_stripe(stage) for _ in range(2)]
    settle = [partial(fulfilment.settle, order.pk, intent, at=timezone.now()) for order, intent in sales]

    overtaken(*settle, owner=ReceiptCounterManager, name="next", after=True)

    promises.receipts_run_on()


def the_intent_names_another_sales_tax(stage: Stage) -> None:
    """Stripe's intent carries a calculation that was made for somebody else's attempt."""
    order, intent = _paid_at_stripe(stage)
    other = saved(TaxCalculation)

    fulfilment.settle(order.pk, replace(intent, tax_calculation=other.calculation_id), at=timezone.now())

    order.refresh_from_db()
    promises.keep(order.is_paid and order.tax_minor == 0, "another sale's tax was taken over")


def _fails(call: Callable[[], object]) -> bool:
    try:
        call()
    except OSError:
        return True
    return False


WRONG: dict[str, Callable[[Intent], Intent]] = {
    "intent": lambda intent: replace(intent, id="pi_other"),
    "order": lambda intent: replace(intent, order_reference="0" * 32),
    "amount": lambda intent: replace(intent, amount_minor=1, received_minor=1),
    "currency": lambda intent: replace(intent, currency="jpy"),
    "livemode": lambda intent: replace(intent, livemode=True),
    "status": lambda intent: replace(intent, status="requires_capture"),
}


def settled_with_wrong(fact: str, stage: Stage) -> None:
    """News that fit the order but for one fact."""
    order, intent = _paid_at_stripe(stage)
    before = promises.everything()

    try:
        fulfilment.settle(order.pk, WRONG[fact](intent), at=timezone.now())
    except fulfilment.Mismatch as error:
        promises.keep(error.what == fact, f"{error.what} was found wrong, not {fact}")

    promises.unchanged(before)


def the_answer_and_the_webhook_are_lost(stage: Stage) -> None:
    """Charged, then silence: the line was cut, the webhook dropped, the tab closed."""
    _paid_in_silence(stage)

    outcomes.sweep(at=timezone.now() + LATER)

    promises.sold(stage.world)


def the_job_of_an_event_is_lost(stage: Stage) -> None:
    """The bank said yes, the tab is closed, and the broker lost the message that an event came."""
    _paid_at_stripe(stage)
    stage.deliver(stage.event())

    tasks.sweep()

    promises.sold(stage.world)


def two_workers_get_one_event(stage: Stage) -> None:
    _paid_at_stripe(stage)
    stage.deliver(stage.event())
    events = [StripeEvent.objects.get(), StripeEvent.objects.get()]
    before = _reads(stage)

    done = all_at_once(*[partial(webhook_inbox.process, event, at=timezone.now()) for event in events])

    promises.keep(sorted(done) == [False, True], "two workers acted on one event")
    promises.keep(_reads(stage) == before + 1, "Stripe was asked twice about one event")


def two_workers_get_one_mail(stage: Stage) -> None:
    to = _queue_a_mail()

    with meeting(mailing, "_send"):
        all_at_once(*[lambda: mailing.send_waiting(at=timezone.now())] * 2)

    promises.keep(len(stage.world.sandbox.mail(to)) == 1, "one mail was sent twice")


def one_cause_is_told_twice(stage: Stage) -> None:
    with meeting(Mail, "save"):
        all_at_once(*[partial(_queue_a_mail, "receipt:once")] * 2)

    promises.keep(Mail.objects.count() == 1, "one cause queued two mails")


def one_purchase_is_granted_twice(stage: Stage) -> None:
    grant = partial(entitlements.grant, stage.offer, user_id=None, reference="once", at=timezone.now())

    with meeting(Entitlement, "save"):
        all_at_once(grant, grant)

    promises.keep(Entitlement.objects.count() == 1, "one purchase was granted twice")


def one_pass_is_given_twice(stage: Stage) -> None:
    give = partial(give_pass, visitor="a" * 32, reference="b" * 32)

    with meeting(Pass, "save"):
        all_at_once(give, give)

    promises.keep(Pass.objects.count() == 1, "one purchase gave two passes")


def one_event_is_delivered_often(stage: Stage) -> None:
    _paid_at_stripe(stage)
    body = stage.event()

    answers = all_at_once(*[partial(stage.deliver, body)] * 4)

    promises.keep({answer.status_code for answer in answers} == {200}, "a repeated event was refused")
    promises.keep(StripeEvent.objects.count() == 1, "one event was kept twice")


def a_page_asks_all_the_time(stage: Stage) -> None:
    """However often a page asks where its order stands, Stripe hears of it once a second."""
    ada = stage.stranger()
    asked = ada.buy("noon", card="4000002760003184")
    before, second = _reads(stage), timezone.now()

    with mock.patch.object(
        timezone, "now", lambda: second
    ):  # in which all of them ask, however long it takes
        all_at_once(*[partial(tab.status, asked["order"]) for tab in stage.tabs(ada, 8)])

    promises.keep(_reads(stage) <= before + 2, "every question of a page became one to Stripe")


def _paid_at_stripe(stage: Stage) -> tuple[Order, Intent]:
    """An order that is paid at Stripe, of which the shop has not heard."""
    order = stage.open_order()
    stage.pass_challenge(order)
    assert order.intent_id
    return order, stripe_gateway.retrieve(order.intent_id)


def _paid_in_silence(stage: Stage) -> tuple[Order, Intent]:
    """The same, where even the answer was lost, so that the order does not know its intent."""
    stage.world.faults(
        webhooks={"drop": 9},
        stripe={"fail_next": [{"call": "POST /v1/payment_intents", "how": "drop_after"}]},
    )
    stage.stranger().buy("noon")
    return Order.objects.get(), stripe_gateway.retrieve(stage.world.objects("payment_intent")[0]["id"])


def _reads(stage: Stage) -> int:
    return sum(request["method"] == "GET" for request in stage.world.report()["requests"])


def _queue_a_mail(cause: str = "") -> str:
    to = f"{secrets.token_hex(6)}@example.com"
    link = {"title": "Noon", "checkout_url": "http://localhost/"}
    mailing.put(cause=cause or f"test:{to}", template="checkout-link", to=to, language="en", context=link)
    return to
