"""Each call about memberships, as Stripe refuses it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from billing.stripe import stripe_plans, stripe_setups, stripe_subscriptions
from billing.stripe.intents import StripeRefused
from tests.sandbox_client import World

_YEN = SimpleNamespace(pk=1, currency="xxx", amount_minor=790, offer=SimpleNamespace(interval="month"))

_NOW = timezone.now()
_SETUP = SimpleNamespace(confirmation_token="pm_card_visa", idempotency_key="setup")


@pytest.mark.parametrize(
    "call",
    [
        lambda: stripe_subscriptions.make_price(_YEN, name="Club", key="price"),  # type: ignore[arg-type]
        lambda: stripe_subscriptions.make_customer(order_reference="x" * 501, key="customer"),
        lambda: stripe_subscriptions.subscribe(
            customer_id="cus_none", price_id="price_none", order_reference="1", key="subscription"
        ),
        lambda: stripe_subscriptions.retrieve("sub_none"),
        lambda: stripe_subscriptions.cancel_at_period_end("sub_none", cancels=True),
        lambda: stripe_subscriptions.charge_to("sub_none", "pm_none"),
        lambda: stripe_subscriptions.end("sub_none"),
        lambda: list(stripe_subscriptions.paid_invoices("sub_none")),
        lambda: stripe_subscriptions.subscription_of_invoice("in_none"),
        lambda: stripe_plans.preview("sub_none", price_id="price_none", prorated_at=_NOW),
        lambda: stripe_plans.change_plan("sub_none", price_id="price_none", prorated_at=_NOW, key="plan"),
        lambda: stripe_plans.renew_at("sub_none", price_id="price_none", instead_of="price_other"),
        lambda: stripe_plans.go_on_with("sub_none", price_id="price_none", from_=_NOW),
        lambda: stripe_plans.void("in_none"),
        lambda: stripe_setups.retrieve("seti_none"),
        lambda: stripe_setups.confirm(_SETUP, intent_id="seti_none", return_url="https://shop.example/"),  # type: ignore[arg-type]
    ],
    ids=[
        "price",
        "customer",
        "subscription",
        "retrieve",
        "leave",
        "card",
        "end",
        "invoices",
        "invoice",
        "preview",
        "change",
        "renew",
        "later",
        "void",
        "setup",
        "confirm",
    ],
)
def test_what_stripe_refuses_is_told(world: World, call: Callable[[], Any]) -> None:
    with pytest.raises(StripeRefused):
        call()
