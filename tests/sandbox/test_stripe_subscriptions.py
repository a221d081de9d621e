"""Subscriptions begin: the first payment, the trial with a card on file, and what is refused."""

from typing import Any

import pytest
import stripe

from tests.sandbox.billing_stage import DAY, Club
from tests.sandbox.stripe_stage import CHALLENGED, Buyer, challenge_url, error_of


@pytest.fixture
def club(buyer: Buyer) -> Club:
    return Club(buyer)


def test_a_subscription_waits_for_its_first_payment(club: Club) -> None:
    waiting = club.subscribe(club.customer(), club.price())

    paid = club.pay_first(waiting)

    active = club.now(waiting)
    item = active["items"].data[0]
    assert (waiting.status, waiting.latest_invoice.status) == ("incomplete", "open")
    assert (paid.status, paid.amount, paid.setup_future_usage) == ("succeeded", 1000, "off_session")
    assert (active.status, active.latest_invoice.status) == ("active", "paid")
    assert active.default_payment_method == paid.payment_method
    assert 28 * DAY <= item.current_period_end - item.current_period_start <= 31 * DAY
    assert active.latest_invoice.payments.data[0].payment.payment_intent == paid.id
    assert club.told("customer.subscription", "invoice") == [
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "invoice_payment.paid",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
    ]


def test_a_declined_first_payment_leaves_it_incomplete_and_the_same_intent_is_tried_again(club: Club) -> None:
    waiting = club.subscribe(club.customer(), club.price())
    with pytest.raises(stripe.CardError):
        club.pay_first(waiting, "4000000000000002")
    after = club.now(waiting).status

    club.pay_first(waiting)

    assert (after, club.now(waiting).status) == ("incomplete", "active")
    assert club.told("invoice.payment_failed") == ["invoice.payment_failed"]


@pytest.mark.parametrize(("passed", "status"), [(True, "active"), (False, "incomplete")])
def test_a_challenge_decides_over_the_first_payment(club: Club, passed: bool, status: str) -> None:
    waiting = club.subscribe(club.customer(), club.price())

    asked = club.pay_first(waiting, CHALLENGED)
    club.world.challenge(challenge_url(asked), passed=passed)

    assert club.now(waiting).status == status
    assert club.told("invoice.payment_action_required") == ["invoice.payment_action_required"]


def test_a_trial_asks_for_a_card_and_costs_nothing(club: Club) -> None:
    trial = club.subscribe(club.customer(), club.price(), trial_period_days=7)
    setup = trial.pending_setup_intent

    asked = club.set_up(setup.id, CHALLENGED)
    back = club.world.challenge(challenge_url(asked), passed=True)

    method = club.stripe.setup_intents.retrieve(setup.id).payment_method
    after = club.now(trial)
    assert (trial.status, trial.latest_invoice.status, trial.latest_invoice.amount_due) == (
        "trialing",
        "paid",
        0,
    )
    assert trial.latest_invoice.confirmation_secret is None
    assert f"setup_intent={setup.id}&setup_intent_client_secret=seti_" in back
    assert (after.status, after.pending_setup_intent) == ("trialing", None)
    assert after["items"].data[0].current_period_end == after.trial_end == trial.trial_start + 7 * DAY
    assert club.stripe.payment_methods.retrieve(method).customer == trial.customer
    assert "setup_intent.succeeded" in club.told("setup_intent")


@pytest.mark.parametrize("is_default", [True, False])
def test_the_card_of_a_trial_is_its_default_only_where_the_world_says_so(
    club: Club, is_default: bool
) -> None:
    club.world.configure(trial_card_is_default=is_default)
    trial = club.subscribe(club.customer(), club.price(), trial_period_days=7)

    done = club.set_up(trial.pending_setup_intent.id)

    assert (club.now(trial).default_payment_method == done.payment_method) == is_default


def test_a_card_that_cannot_be_set_up_is_declined(club: Club) -> None:
    trial = club.subscribe(club.customer(), club.price(), trial_period_days=7)

    with pytest.raises(stripe.CardError) as decline:
        club.set_up(trial.pending_setup_intent.id, "4000000000000002")

    assert error_of(decline).setup_intent.status == "requires_payment_method"
    assert club.told("setup_intent.setup_failed") == ["setup_intent.setup_failed"]


def test_with_a_card_on_file_it_is_charged_at_once(club: Club) -> None:
    paid, declined = club.customer("pm_card_visa"), club.customer("pm_card_chargeCustomerFail")
    price = club.price()

    statuses = [club.subscribe(each, price, payment_behavior=None).status for each in (paid, declined)]

    assert statuses == ["active", "incomplete"]


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"coupon": "X"}, "parameter_unknown", "coupon"),
        ({"customer": "cus_unknown"}, "resource_missing", "customer"),
        ({"items": [{"price": "price_unknown"}]}, "resource_missing", "items[0][price]"),
        ({"items": None}, "parameter_missing", "items"),
        ({"default_payment_method": "pm_card_visa"}, "resource_missing", "default_payment_method"),
        ({"trial_period_days": 5, "trial_end": "now"}, None, None),
        ({"trial_period_days": 731}, None, "trial_period_days"),
        ({"payment_behavior": "allow_incomplete"}, "resource_missing", None),
        ({"expand": ["latest_invoice.payment_intent"]}, None, "expand"),
    ],
)
def test_what_a_subscription_may_not_be_is_refused_and_nothing_is_kept(
    club: Club, changes: Any, code: str | None, param: str | None
) -> None:
    customer, price = club.customer(), club.price()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        club.subscribe(customer, price, **changes)

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, code, param)
    assert club.stripe.subscriptions.list({"customer": customer.id, "status": "all"}).data == []
    assert club.world.objects("invoice") == []


def test_the_intent_of_an_invoice_is_not_canceled_but_its_invoice_is_voided(club: Club) -> None:
    waiting = club.subscribe(club.customer(), club.price())
    intent = waiting.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0]

    with pytest.raises(stripe.InvalidRequestError, match="belongs to the invoice"):
        club.stripe.payment_intents.cancel(intent)
    voided = club.stripe.invoices.void_invoice(waiting.latest_invoice.id)

    assert (voided.status, club.now(waiting).status) == ("void", "incomplete_expired")
    assert club.buyer.intent(intent).status == "canceled"


def test_the_end_comes_at_once_and_only_once(club: Club) -> None:
    active = club.member(club.price())

    ended = club.stripe.subscriptions.cancel(
        active.id, {"cancellation_details": {"feedback": "unused", "comment": "Too few films"}}
    )

    details = ended.cancellation_details
    assert (ended.status, details.reason, details.feedback) == (
        "canceled",
        "cancellation_requested",
        "unused",
    )
    assert club.told("customer.subscription.deleted") == ["customer.subscription.deleted"]
    with pytest.raises(stripe.InvalidRequestError) as again:
        club.stripe.subscriptions.cancel(active.id)
    assert again.value.http_status == 404


def test_one_customer_keeps_to_one_currency(club: Club) -> None:
    customer = club.customer()
    club.subscribe(customer, club.price())

    with pytest.raises(stripe.InvalidRequestError, match="cannot combine currencies"):
        club.subscribe(customer, club.price(9900, currency="krw"))


def test_a_price_is_found_by_its_key_and_its_amount_stays(club: Club) -> None:
    first = club.price(lookup_key="club-month-usd")

    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        club.price(lookup_key="club-month-usd")
    second = club.price(1200, lookup_key="club-month-usd", transfer_lookup_key=True)
    club.stripe.prices.update(first.id, {"active": False})

    assert [price.id for price in club.stripe.prices.list({"lookup_keys": ["club-month-usd"]})] == [second.id]
    with pytest.raises(stripe.InvalidRequestError) as changed:
        club.stripe.prices.update(second.id, {"unit_amount": 1})
    assert changed.value.code == "parameter_unknown"
    with pytest.raises(stripe.InvalidRequestError, match="only accepts active prices"):
        club.subscribe(club.customer(), first)


def test_the_page_must_have_shown_the_amount_of_the_first_invoice(club: Club) -> None:
    waiting = club.subscribe(club.customer(), club.price())
    shown: Any = {"mode": "subscription", "currency": "usd"}
    intent = waiting.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0]

    wrong, right = (club.world.confirmation_token(amount=amount, **shown) for amount in (999, 1000))
    params = {"return_url": "http://localhost:9/", "use_stripe_sdk": False}
    with pytest.raises(stripe.InvalidRequestError, match="amount does not match"):
        club.stripe.payment_intents.confirm(intent, {"confirmation_token": wrong, **params})
    paid = club.stripe.payment_intents.confirm(intent, {"confirmation_token": right, **params})

    assert paid.status == "succeeded"


def test_a_card_on_file_needs_no_new_one_to_confirm_with(club: Club) -> None:
    waiting = club.subscribe(club.customer("pm_card_visa"), club.price())
    intent = waiting.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0]

    before = club.buyer.intent(intent).status
    paid = club.stripe.payment_intents.confirm(intent, {"use_stripe_sdk": False})

    assert (before, paid.status, club.now(waiting).status) == ("requires_confirmation", "succeeded", "active")


def test_a_customer_may_come_with_his_card(club: Club) -> None:
    named = {"default_payment_method": "pm_card_visa"}
    customer = club.stripe.customers.create({"payment_method": "pm_card_visa", "invoice_settings": named})

    found = club.stripe.payment_methods.retrieve(customer.invoice_settings.default_payment_method)

    assert found.customer == customer.id


def test_a_card_is_changed_within_the_page(club: Club) -> None:
    active = club.member(club.price())
    setup = club.stripe.setup_intents.create(
        {
            "customer": active.customer,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "confirmation_token": club.world.confirmation_token(CHALLENGED, mode="setup"),
            "return_url": "http://localhost:9/",
            "use_stripe_sdk": False,
        }
    )
    club.world.challenge(challenge_url(setup), passed=True)

    method = club.stripe.setup_intents.retrieve(setup.id).payment_method
    changed = club.stripe.subscriptions.update(active.id, {"default_payment_method": method})

    assert (setup.status, changed.default_payment_method) == ("requires_action", method)
