"""Coupons make subscriptions cheaper: once, for some months, for ever; and no more often than they may."""

from typing import Any

import pytest
import stripe

from tests.sandbox.billing_stage import DAY, START, Club
from tests.sandbox.stripe_stage import Buyer, error_of

HOUR = 3600


@pytest.fixture
def club(buyer: Buyer) -> Club:
    return Club(buyer)


def _coupon(club: Club, **params: Any) -> Any:
    return club.stripe.coupons.create(params)


def _cheaper(club: Club, coupon: Any, *, clock: Any = None, amount: int = 1000) -> Any:
    customer = club.customer("pm_card_visa", clock=clock)
    wish = {"discounts": [{"coupon": coupon.id}], "payment_behavior": None}
    return club.subscribe(customer, club.price(amount), **wish)


@pytest.mark.parametrize(
    ("coupon", "paid"),
    [
        ({"percent_off": 50, "duration": "once"}, [500, 1000, 1000]),
        ({"percent_off": 33.3, "duration": "repeating", "duration_in_months": 2}, [667, 667, 1000]),
        ({"amount_off": 300, "currency": "usd", "duration": "forever"}, [700, 700, 700]),
    ],
)
def test_a_coupon_counts_as_long_as_it_says(club: Club, coupon: Any, paid: list[int]) -> None:
    clock = club.clock()
    member = _cheaper(club, _coupon(club, **coupon), clock=clock)

    club.world.age(clock.id, 60 * DAY)

    invoices = club.stripe.invoices.list({"subscription": member.id}).data[::-1]
    assert [invoice.amount_paid for invoice in invoices] == paid
    assert [invoice.subtotal for invoice in invoices] == [1000, 1000, 1000]


def test_the_preview_knows_the_discount(club: Club) -> None:
    member = _cheaper(club, _coupon(club, percent_off=20, duration="forever"))

    seen = club.stripe.invoices.create_preview({"subscription": member.id, "expand": ["discounts"]})

    assert (seen.subtotal, seen.total, seen.total_discount_amounts[0].amount) == (1000, 800, 200)
    assert seen.discounts[0].source.coupon


def test_nothing_to_pay_first_asks_for_a_card_for_later(club: Club) -> None:
    free = _coupon(club, percent_off=100, duration="once")

    member = club.subscribe(club.customer(), club.price(), discounts=[{"coupon": free.id}])

    assert (member.status, member.latest_invoice.status) == ("active", "paid")
    assert member.pending_setup_intent.status == "requires_payment_method"


def test_a_coupon_is_redeemed_no_more_often_than_it_may(club: Club) -> None:
    rare = _coupon(club, percent_off=10, max_redemptions=1)
    _cheaper(club, rare)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _cheaper(club, rare)

    assert (error_of(refusal).code, error_of(refusal).param) == ("coupon_expired", "discounts[0][coupon]")
    assert club.stripe.coupons.retrieve(rare.id).valid is False


def test_a_subscription_that_is_refused_redeems_nothing(club: Club) -> None:
    coupon = _coupon(club, percent_off=10)

    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        club.subscribe(
            club.customer(), club.price(), discounts=[{"coupon": coupon.id}], payment_behavior=None
        )

    assert club.stripe.coupons.retrieve(coupon.id).times_redeemed == 0


def test_a_coupon_of_another_currency_or_of_yesterday_is_refused(club: Club) -> None:
    won = _coupon(club, amount_off=1000, currency="krw")
    late = _coupon(club, percent_off=10, redeem_by=START - 10**9)

    for coupon in (won, late):
        with pytest.raises(stripe.InvalidRequestError):
            _cheaper(club, coupon)


def test_a_discount_is_taken_away(club: Club) -> None:
    member = _cheaper(club, _coupon(club, percent_off=20, duration="forever"))

    changed = club.stripe.subscriptions.update(member.id, {"discounts": ""})

    assert changed.discounts == []
    assert club.stripe.invoices.create_preview({"subscription": member.id}).total == 1000
    assert club.told("customer.discount") == ["customer.discount.created", "customer.discount.deleted"]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "percent_off"),
        ({"percent_off": 10, "amount_off": 5}, "percent_off"),
        ({"percent_off": 101}, "percent_off"),
        ({"amount_off": 5}, "amount_off"),
        ({"percent_off": 10, "duration": "repeating"}, "duration_in_months"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused(club: Club, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _coupon(club, **params)

    assert error_of(refusal).param == param
