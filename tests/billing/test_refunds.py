"""Money given back over real HTTP, with the sandbox as Stripe: lost, doubled, late, refused or at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.models import Order, Refund
from billing.refunding import refunds
from tests.billing.club import until
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.refunding import bought, give_back, later, look_at, wish
from videos import money
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

PENDING = "4000000000007726"
FAILS_LATER = "4000000000005126"


def test_all_of_it_goes_back_and_ends_the_right_to_watch(buyer: Buyer, order: Order) -> None:
    refund = give_back(order)

    order.refresh_from_db()
    told = buyer.world.objects("refund")[0]
    assert (refund.state, refund.refund_id, order.refunded_minor) == ("succeeded", told["id"], 790)
    assert (told["amount"], told["metadata"]) == (790, {"refund": refund.idempotency_key})
    assert Entitlement.objects.get().revoked_because == "refund"
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.get(template="refund").cause == f"refund:1:{order.reference}"


def test_parts_add_up_and_leave_the_film_until_nothing_is_left(buyer: Buyer, order: Order) -> None:
    give_back(order, 300)
    give_back(order, 300)
    assert buyer.watch("noon").status_code == 200

    give_back(order, 190)

    assert [told["amount"] for told in buyer.world.objects("refund")] == [300, 300, 190]
    assert Order.objects.get().is_refunded
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.filter(template="refund").count() == 3


def test_more_than_is_left_is_refused_before_anybody_is_asked(buyer: Buyer, order: Order) -> None:
    give_back(order, 300)

    for amount in (491, 790, 10**12):
        with pytest.raises(refunds.NotLeft):
            give_back(order, amount)
    for amount in (0, -1):
        with pytest.raises(money.BadAmount):
            give_back(order, amount)

    assert (Refund.objects.count(), len(buyer.world.objects("refund"))) == (1, 1)


def test_what_was_never_paid_does_not_go_back(buyer: Buyer) -> None:
    buyer.buy("noon", card="4000000000000002")

    with pytest.raises(refunds.NotLeft):
        give_back(Order.objects.get(), 790)


def test_twenty_at_once_never_exceed_what_was_paid(buyer: Buyer, order: Order) -> None:
    def insist() -> int:
        """Ask for a part, deciding anew each time that somebody else was faster."""
        given = 0
        for _try in range(20):
            try:
                give_back(Order.objects.get(), 150)
            except refunds.NotLeft:
                continue
            given += 1
            break
        return given

    given = sum(all_at_once(*[insist] * 20))

    tasks.sweep()
    look_at(later(90))
    back = sum(told["amount"] for told in buyer.world.objects("refund"))
    assert given == 5
    assert (Order.objects.get().refunded_minor, back) == (750, 750)


def test_one_decision_is_carried_out_once_however_often_it_is_sent(buyer: Buyer, order: Order) -> None:
    def press() -> bool:
        try:
            refunds.ask(Order.objects.get(), wish(200, after_minor=0), at=timezone.now())
        except refunds.NotLeft:
            return False
        return True

    assert sum(all_at_once(*[press] * 20)) == 1

    assert len(buyer.world.objects("refund")) == 1


@pytest.mark.parametrize("how", ["drop_after", "hang_then_process"])
def test_a_lost_answer_is_found_out_and_never_asked_with_another_key(
    buyer: Buyer, order: Order, how: str, settings: object
) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 1  # type: ignore[attr-defined]
    buyer.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/refunds", "times": 1, "how": how, "seconds": 2}]},
        webhooks={"pause": True},
    )
    refund = give_back(order)
    assert (refund.state, Order.objects.get().refunded_minor) == ("sent", 790)
    assert buyer.watch("noon").status_code == 404

    until(lambda: buyer.world.objects("refund"))
    look_at(later(90))

    assert Refund.objects.get().state == "succeeded"
    assert len(buyer.world.objects("refund")) == 1
    assert Mail.objects.filter(template="refund").count() == 1


@pytest.mark.parametrize("how", ["drop_before", "429"])
def test_what_never_arrived_is_asked_again_with_the_same_key(buyer: Buyer, order: Order, how: str) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "POST /v1/refunds", "times": 1, "how": how}]})
    refund = give_back(order)
    assert refund.state == "sent"

    look_at(later(30))
    look_at(later(90))

    assert Refund.objects.get().state == "succeeded"
    keys = [each["idempotency_key"] for each in buyer.world.report()["requests"] if _asks(each)]
    assert set(keys) == {refund.idempotency_key}
    assert len(buyer.world.objects("refund")) == 1


def _asks(request: dict[str, str]) -> bool:
    return (request["method"], request["path"]) == ("POST", "/v1/refunds")


def test_an_error_of_stripes_that_leaves_nothing_gives_the_film_back(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "POST /v1/refunds", "times": 1, "how": "500"}]})
    give_back(order)

    look_at(later(30))

    refund = Refund.objects.get()
    assert (refund.state, refund.failed_because) == ("refused", "stripe_error")
    assert Order.objects.get().refunded_minor == 0
    assert buyer.watch("noon").status_code == 200
    assert Mail.objects.filter(template="refund-failed").count() == 1
    assert give_back(Order.objects.get()).state == "succeeded"


def test_a_refund_that_stripe_refuses_changes_nothing_for_the_buyer(buyer: Buyer) -> None:
    order = bought(buyer, card="4000000000000259")  # the bank takes the money back by itself
    buyer.world.settle()

    refund = give_back(order)

    assert (refund.state, refund.failed_because) == ("refused", "charge_disputed")
    assert Order.objects.get().refunded_minor == 0
    assert buyer.watch("noon").status_code == 200


def test_a_refund_on_its_way_ends_the_right_and_is_told_once(buyer: Buyer) -> None:
    order = bought(buyer, card=PENDING)
    assert give_back(order).state == "pending"
    assert buyer.watch("noon").status_code == 404

    buyer.world.shift_clock("stripe", 60)
    until(lambda: buyer.world.events("refund.updated"))
    look_at(later(60))

    assert Refund.objects.get().state == "succeeded"
    assert Mail.objects.filter(template="refund").count() == 1


def test_staff_who_took_a_right_away_for_another_reason_keep_it_taken(buyer: Buyer) -> None:
    order = bought(buyer, card=FAILS_LATER)
    Entitlement.objects.update(revoked_at=timezone.now(), revoked_because="shared it")
    give_back(order)

    buyer.world.shift_clock("stripe", 60)
    until(lambda: buyer.world.events("refund.failed"))
    look_at(later(60))

    assert Entitlement.objects.get().revoked_because == "shared it"


def test_each_currency_goes_back_in_its_own_units(buyer: Buyer) -> None:
    buyer.buy("noon", currency="krw")

    give_back(Order.objects.get(), 1)

    assert [(told["amount"], told["currency"]) for told in buyer.world.objects("refund")] == [(1, "krw")]


def test_what_was_given_back_is_asked_after_ever_more_rarely(buyer: Buyer, order: Order) -> None:
    give_back(order)
    looks = 0
    at = timezone.now()
    while (due := Refund.objects.get().look_after) is not None and looks < 200:
        assert due > at
        at = due
        refunds.sweep(at=at)
        looks += 1

    assert looks < 120
    assert at - timezone.now() > timedelta(days=44)


@pytest.mark.parametrize("how", ["503", "429"])
def test_a_list_of_refunds_that_does_not_come_leaves_everything_as_it_is(
    buyer: Buyer, order: Order, how: str
) -> None:
    buyer.world.faults(
        stripe={
            "fail_next": [
                {"call": "POST /v1/refunds", "times": 1, "how": "drop_after"},
                {"call": "GET /v1/refunds", "times": 1, "how": how},
            ]
        },
        webhooks={"pause": True},
    )
    give_back(order)

    look_at(later(60))
    assert Refund.objects.get().state == "sent"
    look_at(later(120))

    assert Refund.objects.get().state == "succeeded"
