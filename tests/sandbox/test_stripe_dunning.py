"""A renewal fails: when it is tried again, who must act, and what comes after the last attempt."""

from typing import Any

import pytest

from tests.sandbox.billing_stage import DAY, Club
from tests.sandbox.stripe_stage import Buyer, challenge_url

HOUR = 3600


@pytest.fixture
def club(buyer: Buyer) -> Club:
    return Club(buyer)


@pytest.fixture
def clock(club: Club) -> Any:
    return club.clock()


def _end(subscription: Any) -> int:
    return int(subscription["items"].data[0].current_period_end)


def _attempts(club: Club, subscription: Any) -> tuple[int, str, int | None]:
    invoice = club.now(subscription).latest_invoice
    return invoice.attempt_count, invoice.status, invoice.next_payment_attempt


def test_a_failing_card_is_tried_again_and_then_the_subscription_ends(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)
    broken = club.put_on_file(member.customer, "pm_card_chargeCustomerFail")
    club.stripe.subscriptions.update(member.id, {"default_payment_method": broken})
    failed_at = _end(member) + HOUR

    club.advance(clock, failed_at)
    first = _attempts(club, member)
    club.advance(clock, failed_at + 3 * DAY)
    second = _attempts(club, member)
    status = club.now(member).status
    club.advance(clock, failed_at + 15 * DAY)

    ended = club.now(member)
    assert first == (1, "open", failed_at + 3 * DAY)
    assert second == (2, "open", failed_at + 8 * DAY)
    assert (status, ended.status, ended.cancellation_details.reason) == (
        "past_due",
        "canceled",
        "payment_failed",
    )
    assert len(club.told("invoice.payment_failed")) == 4
    assert ended.latest_invoice.next_payment_attempt is None


@pytest.mark.parametrize("then", ["unpaid", "past_due"])
def test_the_shop_decides_what_comes_after_the_last_attempt(club: Club, clock: Any, then: str) -> None:
    club.world.configure(retries={"after_days": [1], "then": then})
    member = club.member(club.price(), clock=clock)
    broken = club.put_on_file(member.customer, "pm_card_chargeCustomerFail")
    club.stripe.subscriptions.update(member.id, {"default_payment_method": broken})

    club.advance(clock, _end(member) + 2 * DAY)

    assert club.now(member).status == then


def test_a_new_card_is_charged_at_the_next_attempt(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)
    broken, good = (
        club.put_on_file(member.customer, card) for card in ("pm_card_chargeCustomerFail", "pm_card_visa")
    )
    club.stripe.subscriptions.update(member.id, {"default_payment_method": broken})
    club.advance(clock, _end(member) + HOUR)

    club.stripe.subscriptions.update(member.id, {"default_payment_method": good})
    club.advance(clock, _end(member) + HOUR + 3 * DAY)

    after = club.now(member)
    assert (after.status, after.latest_invoice.status, after.latest_invoice.attempt_count) == (
        "active",
        "paid",
        2,
    )


@pytest.mark.parametrize(
    ("how", "status"), [("asked", "requires_action"), ("declined", "requires_payment_method")]
)
def test_a_renewal_may_need_its_owner_and_is_not_tried_again_without_him(
    club: Club, clock: Any, how: str, status: str
) -> None:
    club.world.configure(renewal_authentication=how)
    member = club.member(club.price(), clock=clock)
    asking = club.put_on_file(member.customer, "pm_card_authenticationRequired")
    club.stripe.subscriptions.update(member.id, {"default_payment_method": asking})
    club.advance(clock, _end(member) + HOUR)
    owed = club.now(member)
    intent = owed.latest_invoice.payments.data[0].payment.payment_intent

    left = club.buyer.intent(intent).status
    club.advance(clock, _end(member) + 4 * DAY)
    charges = len(club.stripe.charges.list({"payment_intent": intent}).data)
    asked = club.buyer.confirm(intent, "4000002760003184")
    club.world.challenge(challenge_url(asked), passed=True)

    paid = club.now(member)
    assert club.told("invoice.payment_action_required")[0] == "invoice.payment_action_required"
    assert (owed.status, owed.latest_invoice.status, left, charges) == ("past_due", "open", status, 0)
    assert owed.latest_invoice.next_payment_attempt == owed.latest_invoice.created + HOUR + 3 * DAY
    assert (paid.status, paid.latest_invoice.status) == ("active", "paid")
