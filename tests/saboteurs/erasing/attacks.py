"""Attacks on erasing: a purchase that begins, or is not decided, while its buyer is taken out."""

from contextlib import suppress
from functools import partial

from django.utils import timezone

from accounts.models import Mail
from billing.buying import order_taking
from billing.models import Erasure, Order
from billing.privacy import erasing
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from tests import promises
from tests.buyer import EMAIL
from tests.concurrency.racing import overtaken
from tests.concurrency.stage import Stage

erase = partial(erasing.erase, EMAIL, by=Erasure.By.STAFF, at=timezone.now())


def a_purchase_begins_while_its_buyer_is_erased(stage: Stage) -> None:
    ada = stage.stranger()
    ada.sign_in(EMAIL)
    pay = partial(ada.pay, ada.quote("noon"))

    paid, _erased = overtaken(pay, partial(_done, stage), owner=order_taking, name="_begin_new")

    promises.keep(not Order.objects.filter(email=EMAIL).exists(), "an order names who was erased")
    promises.refused(paid, 409)  # type: ignore[arg-type]
    promises.keep(not stage.world.objects("charge"), "who was erased was charged")


def a_buyer_is_erased_while_his_bank_asks(stage: Stage) -> None:
    order = stage.open_order()
    question = order.payments.get().challenge_url
    with suppress(erasing.MustWait):
        erase()
    stage.world.challenge(question, passed=True)

    fulfilment.settle(order.pk, stripe_gateway.retrieve(order.intent_id or ""), at=timezone.now())

    promises.keep(Mail.objects.filter(template="receipt", to=EMAIL).exists(), "money came without a receipt")


def _done(stage: Stage) -> None:
    promises.keep(erase() is not None, "nobody was erased")
