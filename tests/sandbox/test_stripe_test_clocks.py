"""A membership lives on a test clock: trials end, periods renew, failures are retried, all in order."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.sandbox.billing_stage import DAY, START, Club
from tests.sandbox.stripe_stage import Buyer, error_of, eventually

HOUR = 3600


@pytest.fixture
def club(buyer: Buyer) -> Club:
    return Club(buyer)


@pytest.fixture
def clock(club: Club) -> Any:
    return club.clock()


def _day(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d")


def _end(subscription: Any) -> int:
    return int(subscription["items"].data[0].current_period_end)


def test_a_period_renews_on_its_day_and_is_paid_an_hour_later(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)
    first_end = _end(member)

    club.advance(clock, first_end + 10)
    drafted = club.now(member)
    club.advance(clock, first_end + HOUR)

    renewed = club.now(member)
    assert (_day(START), _day(first_end), _day(_end(renewed))) == ("2027-01-31", "2027-02-28", "2027-03-31")
    assert (drafted.latest_invoice.status, drafted.latest_invoice.billing_reason) == (
        "draft",
        "subscription_cycle",
    )
    assert (renewed.status, renewed.latest_invoice.status) == ("active", "paid")
    assert renewed.latest_invoice.lines.data[0].period.start == first_end
    assert club.told("invoice.upcoming") == ["invoice.upcoming"]
    assert renewed.latest_invoice.status_transitions.paid_at == first_end + HOUR


def test_two_intervals_at_once_fall_due_in_order(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)

    club.advance(clock, START + 59 * DAY)
    club.advance(clock, START + 59 * DAY + HOUR)

    invoices = club.stripe.invoices.list({"subscription": member.id}).data
    assert [_day(invoice.created) for invoice in invoices] == ["2027-03-31", "2027-02-28", "2027-01-31"]
    charges = club.stripe.charges.list({"customer": member.customer}).data
    assert [_day(charge.created) for charge in charges] == ["2027-03-31", "2027-02-28", "2027-01-31"]


def test_a_clock_goes_forward_only_and_not_too_far(club: Club, clock: Any) -> None:
    club.member(club.price(), clock=clock)
    clocks = club.stripe.test_helpers.test_clocks

    for wrong in (START, START + 63 * DAY):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            clocks.advance(clock.id, {"frozen_time": wrong})
        assert error_of(refusal).param == "frozen_time"
    moving = clocks.advance(clock.id, {"frozen_time": START + 5})

    assert (moving.status, moving.frozen_time) == ("advancing", START)
    assert moving.status_details.advancing.target_frozen_time == START + 5


def test_a_trial_is_warned_of_and_then_billed(club: Club, clock: Any) -> None:
    customer = club.customer("pm_card_visa", clock=clock)
    trial = club.subscribe(customer, club.price(), trial_period_days=14)

    club.advance(clock, START + 11 * DAY)
    warned = club.told("customer.subscription.trial_will_end", "invoice.upcoming")
    club.advance(clock, START + 14 * DAY + HOUR)

    after = club.now(trial)
    assert (trial.pending_setup_intent, trial.status, after.status) == (None, "trialing", "active")
    assert warned == ["invoice.upcoming", "customer.subscription.trial_will_end"]
    assert (after.latest_invoice.amount_paid, _day(_end(after))) == (1000, "2027-03-14")


@pytest.mark.parametrize(
    ("without", "status"), [("cancel", "canceled"), ("pause", "paused"), ("create_invoice", "past_due")]
)
def test_a_trial_without_a_card_ends_as_it_was_told_to(
    club: Club, clock: Any, without: str, status: str
) -> None:
    settings = {"end_behavior": {"missing_payment_method": without}}
    trial = club.subscribe(
        club.customer(clock=clock), club.price(), trial_period_days=2, trial_settings=settings
    )

    club.advance(clock, START + 2 * DAY + HOUR)

    assert club.now(trial).status == status


def test_a_trial_ends_earlier_or_later_at_the_shops_wish(club: Club, clock: Any) -> None:
    price = club.price()
    early, late = (
        club.subscribe(club.customer("pm_card_visa", clock=clock), price, trial_period_days=5)
        for _ in range(2)
    )

    ended = club.stripe.subscriptions.update(early.id, {"trial_end": "now"})
    club.stripe.subscriptions.update(late.id, {"trial_end": START + 9 * DAY})
    club.advance(clock, START + 6 * DAY)

    assert (ended.status, ended.trial_end, _day(_end(ended))) == ("active", START, "2027-02-28")
    assert (club.now(early).latest_invoice.amount_paid, club.now(late).status) == (1000, "trialing")
    with pytest.raises(stripe.InvalidRequestError, match="does not serve prorations of a trial"):
        club.stripe.subscriptions.update(early.id, {"trial_end": START + 99 * DAY})


def test_the_first_payment_must_come_within_23_hours(club: Club, clock: Any) -> None:
    waiting = club.subscribe(club.customer(clock=clock), club.price())

    club.advance(clock, START + 23 * HOUR)

    expired = club.now(waiting)
    assert (expired.status, expired.latest_invoice.status) == ("incomplete_expired", "void")


def test_it_ends_with_its_period_unless_that_is_undone(club: Club, clock: Any) -> None:
    leaving, staying = (club.member(club.price(), clock=clock) for _ in range(2))
    planned = club.stripe.subscriptions.update(leaving.id, {"cancel_at_period_end": True})
    club.stripe.subscriptions.update(staying.id, {"cancel_at_period_end": True})
    undone = club.stripe.subscriptions.update(staying.id, {"cancel_at_period_end": False})

    club.advance(clock, _end(leaving) + HOUR)

    assert (planned.status, planned.cancel_at, planned.canceled_at) == ("active", _end(leaving), START)
    assert (undone.cancel_at, undone.canceled_at, undone.cancellation_details.reason) == (None, None, None)
    assert (club.now(leaving).status, club.now(leaving).ended_at) == ("canceled", _end(leaving))
    assert club.now(staying).status == "active"
    assert len(club.told("customer.subscription.deleted")) == 1


def test_fourteen_months_are_lived_month_by_month(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)

    club.world.age(clock.id, 14 * 31 * DAY)

    invoices = club.stripe.invoices.list({"subscription": member.id, "limit": 100}).data
    assert len(invoices) == 15
    assert {invoice.status for invoice in invoices} == {"paid"}
    assert len({invoice.number for invoice in invoices}) == 15


def test_without_a_test_clock_the_worlds_own_clock_counts(club: Club) -> None:
    member = club.member(club.price())

    club.world.shift_clock("stripe", 32 * DAY)

    eventually(lambda: len(club.stripe.invoices.list({"subscription": member.id, "status": "paid"})) == 2)
    assert club.now(member).status == "active"


def test_a_frozen_world_puts_the_shops_customers_on_its_clock(club: Club) -> None:
    clock_id = club.world.freeze(START)
    members = [club.member(club.price()) for _ in range(4)]

    club.world.age(clock_id, 28 * DAY + HOUR)

    assert {member.test_clock for member in members} == {clock_id}
    assert [club.now(member).latest_invoice.billing_reason for member in members] == [
        "subscription_cycle"
    ] * 4


def test_a_clock_takes_its_customers_along_when_it_is_deleted(club: Club, clock: Any) -> None:
    member = club.member(club.price(), clock=clock)

    deleted = club.stripe.test_helpers.test_clocks.delete(clock.id)

    assert deleted.deleted
    for find, id in ((club.stripe.subscriptions, member.id), (club.stripe.customers, member.customer)):
        with pytest.raises(stripe.InvalidRequestError, match="No such"):
            find.retrieve(id)
