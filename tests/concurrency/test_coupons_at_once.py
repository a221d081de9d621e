"""Two hundred buyers and a coupon for three: exactly three get it, whatever the coupon takes off."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests

from billing.models import Coupon, CouponUse, Order
from tests import promises, working
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once, at_once
from tests.concurrency.stage import Stage
from tests.saboteurs.buying.guards import any_use_is_counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

Press = Callable[[], requests.Response]


def test_without_its_guards_a_coupon_for_three_is_used_by_everybody(stage: Stage) -> None:
    Coupon.objects.create(code="SPRING", percent=100, uses_limit=3)
    presses = _presses(stage, 8)

    with any_use_is_counted():
        at_once(*presses)
        sold = Order.objects.filter(state="paid").count()

    assert sold == 8


def test_two_hundred_redeem_a_coupon_for_three(stage: Stage) -> None:
    Coupon.objects.create(code="SPRING", percent=100, uses_limit=3)

    answers = all_at_once(*_presses(stage, 200))

    assert sorted(promises.named(answers)) == ["coupon_gone"] * 197 + ["paid"] * 3
    assert Coupon.objects.get().used == CouponUse.objects.count() == Order.objects.count() == 3
    promises.sold(stage.world, times=3)


def test_one_address_redeems_its_one_use_once(stage: Stage) -> None:
    Coupon.objects.create(code="SPRING", percent=100, uses_per_buyer=1)

    answers = all_at_once(*_presses(stage, 8, email="ada@example.com"))

    assert sorted(promises.named(answers)) == ["coupon_gone"] * 7 + ["paid"]
    promises.sold(stage.world)


def test_a_coupon_that_leaves_something_is_paid_by_card_three_times(stage: Stage) -> None:
    Coupon.objects.create(code="SPRING", percent=50, uses_limit=3)
    cards = stage.cards(12)

    presses = _presses(stage, 12, cards=cards)
    for _ in range(4):  # who found all lines to Stripe taken presses again
        promises.named(all_at_once(*presses))

    assert Coupon.objects.get().used == CouponUse.objects.count() == 3
    promises.sold(stage.world, times=3)


def _presses(stage: Stage, count: int, *, email: str = "", cards: list[str] | None = None) -> list[Press]:
    """Presses of strangers, each with a quote of his own that the coupon reduced."""
    presses: list[Press] = []
    for number in range(count):
        stranger = stage.stranger()
        body = {
            "quote": stranger.quote("noon", coupon="SPRING"),
            "email": email or f"buyer{number}@example.com",
            **({"confirmation_token": cards[number]} if cards else {}),
        }
        presses.append(partial(_press, stranger, body))
    return presses


def _press(buyer: Buyer, body: dict[str, Any]) -> requests.Response:
    """So many at once make it hot; each does the work that is asked of him."""
    answer = buyer.post("/api/v1/orders/", body)
    if task := answer.json().get("task"):
        answer = buyer.post("/api/v1/orders/", body | working.done(task))
    return answer
