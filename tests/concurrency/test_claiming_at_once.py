"""Workers that reach for one event or one mail: one acts. Deliveries that come together: one is kept."""

import secrets
from functools import partial

import pytest
from django.utils import timezone

from accounts import mailing
from accounts.models import Mail
from billing.inbox import webhook_inbox
from billing.models import StripeEvent
from tests import promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from tests.saboteurs.settling import guards

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_the_claim_every_worker_acts(stage: Stage) -> None:
    workers = _workers(stage, 4)

    with guards.any_event_is_claimed(), meeting(webhook_inbox, "_act_on", parties=4):
        done = all_at_once(*workers)

    assert done == [True] * 4


def test_of_eight_workers_one_acts_on_an_event(stage: Stage) -> None:
    done = all_at_once(*_workers(stage, 8))

    assert sorted(done) == [False] * 7 + [True]
    assert StripeEvent.objects.get().attempts == 1
    promises.sold(stage.world)


def test_a_worker_and_the_sweep_do_not_both_act(stage: Stage) -> None:
    (work,) = _workers(stage, 1)

    done = all_at_once(work, *[partial(webhook_inbox.sweep, at=timezone.now())] * 3)

    assert sum(done) == 1
    promises.sold(stage.world)


def test_eight_senders_send_each_mail_once(stage: Stage) -> None:
    to = f"{secrets.token_hex(6)}@example.com"
    for number in range(6):
        link = {"title": "Noon", "checkout_url": "http://localhost/"}
        mailing.put(cause=f"{number}", template="checkout-link", to=to, language="en", context=link)

    sent = all_at_once(*[lambda: mailing.send_waiting(at=timezone.now())] * 8)

    assert sum(sent) == 6
    assert len(stage.world.sandbox.mail(to)) == 6
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


def test_twenty_deliveries_of_one_event_are_one_row(stage: Stage, celery_worker: object) -> None:
    order = stage.open_order()
    stage.pass_challenge(order)

    answers = all_at_once(*[partial(stage.deliver, stage.event())] * 20)

    assert {answer.status_code for answer in answers} == {200}
    assert StripeEvent.objects.filter(type="payment_intent.succeeded").count() == 1


def _workers(stage: Stage, count: int) -> "list[partial[bool]]":
    """Workers about to process the event of a payment that nobody else told of."""
    stage.pass_challenge(stage.open_order())
    stage.deliver(stage.event())
    return [
        partial(webhook_inbox.process, StripeEvent.objects.get(), at=timezone.now()) for _ in range(count)
    ]
