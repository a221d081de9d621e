"""A membership changes: what is given back and taken, seen before it is done."""

from typing import Any

import pytest
import stripe

from tests.sandbox.billing_stage import DAY, START, Club
from tests.sandbox.stripe_stage import CHALLENGED, Buyer, challenge_url, error_of

HALF = START + 14 * DAY  # of the 28 days from January 31st to February 28th


@pytest.fixture
def club(buyer: Buyer) -> Club:
    return Club(buyer)


@pytest.fixture
def halfway(club: Club) -> Any:
    """A paid month of 10 dollars, half of it gone."""
    clock = club.clock()
    member = club.member(club.price(1000), clock=clock)
    club.advance(clock, HALF)
    return member


def _item(member: Any, price: Any) -> list[Any]:
    return [{"id": member["items"].data[0].id, "price": price.id}]


def _amounts(invoice: Any) -> list[int]:
    return [line.amount for line in invoice.lines.data]


def test_a_dearer_plan_costs_the_difference_for_the_time_left(club: Club, halfway: Any) -> None:
    dear = club.price(3000)
    details = {"items": _item(halfway, dear), "proration_behavior": "always_invoice"}
    seen = club.stripe.invoices.create_preview(
        {"subscription": halfway.id, "subscription_details": {**details, "proration_date": HALF}}
    )
    before = club.now(halfway)

    changed = club.stripe.subscriptions.update(halfway.id, {**details, "expand": ["latest_invoice"]})

    assert (_amounts(seen), seen.total, seen.status) == ([-500, 1500], 1000, "draft")
    assert before["items"].data[0].price.id != dear.id
    assert changed["items"].data[0].price.id == dear.id
    assert (_amounts(changed.latest_invoice), changed.latest_invoice.amount_paid) == ([-500, 1500], 1000)
    assert changed.latest_invoice.billing_reason == "subscription_update"
    assert changed["items"].data[0].current_period_end == halfway["items"].data[0].current_period_end
    assert len(club.told("customer.subscription.updated")) == 2


def test_by_default_the_difference_waits_for_the_renewal(club: Club, halfway: Any) -> None:
    dear = club.price(3000)

    changed = club.stripe.subscriptions.update(halfway.id, {"items": _item(halfway, dear)})
    next_one = club.stripe.invoices.create_preview({"subscription": halfway.id})

    assert changed.latest_invoice == halfway.latest_invoice
    assert (_amounts(next_one), next_one.total) == ([-500, 1500, 3000], 4000)


def test_a_cheaper_plan_leaves_a_credit_that_the_renewal_uses_up(club: Club, halfway: Any) -> None:
    details = {"items": _item(halfway, club.price(400)), "proration_behavior": "always_invoice"}

    changed = club.stripe.subscriptions.update(halfway.id, {**details, "expand": ["latest_invoice"]})
    credit = club.stripe.customers.retrieve(halfway.customer).balance
    next_one = club.stripe.invoices.create_preview({"subscription": halfway.id})

    assert (changed.latest_invoice.total, changed.latest_invoice.status) == (-300, "paid")
    assert (credit, next_one.total, next_one.amount_due, next_one.starting_balance) == (-300, 400, 100, -300)


def test_from_month_to_year_a_new_cycle_begins_now(club: Club, halfway: Any) -> None:
    year = club.price(10000, interval="year")

    changed = club.stripe.subscriptions.update(
        halfway.id, {"items": _item(halfway, year), "expand": ["latest_invoice"]}
    )

    item = changed["items"].data[0]
    assert (item.current_period_start, item.current_period_end) == (HALF, HALF + 365 * DAY)
    assert changed.billing_cycle_anchor == HALF
    assert (_amounts(changed.latest_invoice), changed.latest_invoice.amount_paid) == ([-500, 10000], 9500)


def test_none_changes_without_a_bill(club: Club, halfway: Any) -> None:
    details = {"items": _item(halfway, club.price(3000)), "proration_behavior": "none"}

    club.stripe.subscriptions.update(halfway.id, details)

    assert _amounts(club.stripe.invoices.create_preview({"subscription": halfway.id})) == [3000]


@pytest.mark.parametrize("passed", [True, False])
def test_a_pending_change_comes_into_effect_once_it_is_paid(club: Club, halfway: Any, passed: bool) -> None:
    asking = club.put_on_file(halfway.customer, "pm_card_threeDSecure2Required")
    club.stripe.subscriptions.update(halfway.id, {"default_payment_method": asking})
    dear = club.price(3000)
    held = club.stripe.subscriptions.update(
        halfway.id,
        {
            "items": _item(halfway, dear),
            "payment_behavior": "pending_if_incomplete",
            "proration_behavior": "always_invoice",
        },
    )
    intent = club.now(held).latest_invoice.payments.data[0].payment.payment_intent

    asked = club.buyer.confirm(intent, CHALLENGED)
    club.world.challenge(challenge_url(asked), passed=passed)

    after = club.now(held)
    assert (held.status, held["items"].data[0].price.id == dear.id) == ("active", False)
    assert held.pending_update.subscription_items[0].price.id == dear.id
    assert (after.status, after["items"].data[0].price.id == dear.id) == ("active", passed)
    assert (after.pending_update is None) == passed
    assert bool(club.told("customer.subscription.pending_update_applied")) == passed


def test_a_change_that_cannot_be_paid_makes_it_past_due(club: Club, halfway: Any) -> None:
    broken = club.put_on_file(halfway.customer, "pm_card_chargeCustomerFail")
    params = {"default_payment_method": broken, "proration_behavior": "always_invoice"}

    changed = club.stripe.subscriptions.update(
        halfway.id, {**params, "items": _item(halfway, club.price(3000))}
    )

    assert changed.status == "past_due"


def test_default_incomplete_waits_for_the_buyer(club: Club, halfway: Any) -> None:
    params = {"payment_behavior": "default_incomplete", "proration_behavior": "always_invoice"}
    waiting = club.stripe.subscriptions.update(
        halfway.id,
        {
            **params,
            "items": _item(halfway, club.price(3000)),
            "expand": ["latest_invoice.confirmation_secret"],
        },
    )

    paid = club.pay_first(waiting)

    assert (waiting.status, paid.amount, club.now(halfway).status) == ("past_due", 1000, "active")


def test_an_item_can_be_changed_by_itself(club: Club, halfway: Any) -> None:
    dear = club.price(3000)
    id = club.stripe.subscription_items.list({"subscription": halfway.id}).data[0].id

    club.stripe.subscription_items.update(id, {"price": dear.id, "proration_behavior": "none"})

    assert club.stripe.subscription_items.retrieve(id).price.id == dear.id


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"cancel_at": START}, "cancel_at"),
        ({"cancel_at": START + 90 * DAY, "cancel_at_period_end": True}, None),
        ({"default_payment_method": "pm_card_visa"}, "default_payment_method"),
        ({"items": [{"id": "si_other", "quantity": 2}]}, "items[0][id]"),
        ({"coupon": "X"}, "coupon"),
        ({"billing_cycle_anchor": "now"}, "billing_cycle_anchor"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    club: Club, halfway: Any, changes: Any, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        club.stripe.subscriptions.update(halfway.id, {**changes, "metadata": {"kept": "no"}})

    assert (refusal.value.http_status, error_of(refusal).param) == (400, param)
    assert club.now(halfway).metadata.to_dict() == {}


def test_what_has_ended_cannot_change_nor_be_previewed(club: Club, halfway: Any) -> None:
    club.stripe.subscriptions.cancel(halfway.id)

    with pytest.raises(stripe.InvalidRequestError, match="A canceled subscription can only"):
        club.stripe.subscriptions.update(halfway.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        club.stripe.invoices.create_preview({"subscription": halfway.id})
    assert error_of(refusal).code == "invoice_upcoming_none"


def test_a_trial_lets_another_interval_wait_for_the_end_of_what_is_paid(club: Club, halfway: Any) -> None:
    ends_at = halfway["items"].data[0].current_period_end
    year = club.price(10000, interval="year")
    details = {"items": _item(halfway, year), "proration_behavior": "none", "trial_end": ends_at}

    changed = club.stripe.subscriptions.update(halfway.id, {**details, "expand": ["latest_invoice"]})
    again = club.stripe.subscriptions.update(halfway.id, details)

    item = changed["items"].data[0]
    assert (changed.status, changed.trial_end, changed.pending_setup_intent) == ("trialing", ends_at, None)
    assert (item.price.id, item.current_period_start, item.current_period_end) == (year.id, HALF, ends_at)
    assert (changed.latest_invoice.amount_due, changed.latest_invoice.status) == (0, "paid")
    assert again.latest_invoice == changed.latest_invoice.id
    next_one = club.stripe.invoices.create_preview({"subscription": halfway.id})
    assert (_amounts(next_one), next_one.lines.data[0].period.start) == ([10000], ends_at)


@pytest.mark.parametrize(
    "details",
    [
        {"trial_end": HALF - DAY, "proration_behavior": "none"},
        {"trial_end": HALF, "proration_behavior": "none"},
        {"trial_end": HALF + DAY},
    ],
)
def test_such_a_trial_lies_ahead_and_reckons_nothing_up(
    club: Club, halfway: Any, details: dict[str, Any]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        club.stripe.subscriptions.update(halfway.id, details)

    assert club.now(halfway).status == "active"


@pytest.mark.parametrize(
    "more", [{"cancel_at_period_end": True}, {"default_payment_method": "pm_1"}, {"off_session": True}]
)
def test_a_pending_change_takes_only_what_can_be_held_back(
    club: Club, halfway: Any, more: dict[str, Any]
) -> None:
    details = {"items": _item(halfway, club.price(3000)), "payment_behavior": "pending_if_incomplete"}

    with pytest.raises(stripe.InvalidRequestError, match="pending updates support"):
        club.stripe.subscriptions.update(halfway.id, {**details, **more})

    assert club.now(halfway).pending_update is None
