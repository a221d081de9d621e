"""The sweep finds out what became of every attempt, in its own time, and only asks."""

from itertools import pairwise
from typing import Any

import pytest

from accounts.models import Mail
from billing import tasks
from billing.inbox import webhook_inbox
from billing.models import Order, Payment
from billing.settling import outcomes
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"
HOUR = 3600
CREATE = "POST /v1/payment_intents"


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Somebody in front of a film, on a day when every webhook is lost."""
    factories.film_on_sale("noon")
    shop.world.faults(webhooks={"drop": 1000})
    return Buyer(shop.url, shop.world)


def _lose_answer(buyer: Buyer, how: str = "drop_after", **fault: Any) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": CREATE, "how": how, **fault}]})


def _forget_that_no_answer_came() -> None:
    """As if the process had died within its call, before it could note anything."""
    Payment.objects.update(under_way_until=None, look_after=None)


def _sweep_at(*seconds: float) -> list[int]:
    return [outcomes.sweep(at=later(each)) for each in seconds]


def _is_sold_once() -> bool:
    counts = (Entitlement.objects.count(), Mail.objects.count())
    return Order.objects.get().is_paid and counts == (1, 1)


def test_the_first_look_comes_after_twenty_seconds(buyer: Buyer) -> None:
    _lose_answer(buyer)
    buyer.buy("noon")

    assert _sweep_at(15, 20) == [0, 1]
    assert _is_sold_once()


def test_an_attempt_that_stripe_does_not_know_keeps_nobody_waiting(buyer: Buyer) -> None:
    """As after the keys of another account were put in."""
    buyer.pay(buyer.quote("noon"), card=ALWAYS_ASKS)
    Order.objects.update(intent_id="pi_of_another_account")
    other = Buyer(buyer.url, buyer.world)
    _lose_answer(other)
    other.buy("noon")

    assert _sweep_at(61) == [1]
    assert Entitlement.objects.count() == 1


def test_what_breaks_one_part_of_the_sweep_keeps_no_other_waiting(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose_answer(buyer)
    buyer.buy("noon")
    Payment.objects.update(sent_at=later(-61), under_way_until=later(-30), look_after=None)
    monkeypatch.delattr(webhook_inbox, "StripeEvent")

    with pytest.raises(NameError):
        tasks.sweep()

    assert _is_sold_once()


def test_a_process_that_died_within_its_call_is_made_up_for(buyer: Buyer) -> None:
    _lose_answer(buyer)
    buyer.buy("noon")
    _forget_that_no_answer_came()

    assert _sweep_at(20) == [1]
    assert _is_sold_once()


def test_a_call_that_never_arrived_is_given_up_after_a_minute(buyer: Buyer) -> None:
    _lose_answer(buyer, "drop_before")
    buyer.buy("noon")
    _forget_that_no_answer_came()

    assert _sweep_at(20, 35, 50) == [0, 0, 0]
    assert Payment.objects.get().state == "sent"
    assert _sweep_at(65) == [1]
    assert (Payment.objects.get().state, Payment.objects.get().decline_code) == ("refused", "no_answer")
    assert buyer.buy("noon")["state"] == "paid"


def test_a_decline_nobody_heard_is_noted_with_its_reason(buyer: Buyer) -> None:
    _lose_answer(buyer)
    reference = buyer.buy("noon", card=DECLINED)["order"]

    assert _sweep_at(20) == [1]
    assert "declined the card" in buyer.status(reference)["sentence"]


def test_a_challenge_nobody_heard_of_is_found_and_can_be_passed(buyer: Buyer) -> None:
    _lose_answer(buyer)
    reference = buyer.buy("noon", card=ALWAYS_ASKS)["order"]

    assert _sweep_at(20) == [0]
    buyer.world.challenge(buyer.status(reference)["challenge_url"], passed=True)

    assert _sweep_at(36) == [1]
    assert _is_sold_once()


def test_a_token_that_is_gone_is_made_up_for_by_the_list_of_intents(buyer: Buyer) -> None:
    _lose_answer(buyer)
    buyer.buy("noon")
    Payment.objects.update(confirmation_token="ctoken_that_expired")

    assert _sweep_at(20) == [1]
    assert _is_sold_once()


def test_a_challenge_is_looked_at_ever_more_rarely_and_given_up_after_a_day(buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    buyer.pay(quote, card=ALWAYS_ASKS)
    looks, seconds = [], 20
    while seconds < 25 * HOUR and Payment.objects.get().state == "challenged":
        before = len(buyer.world.report()["requests"])
        outcomes.sweep(at=later(seconds))
        looks += [seconds] * (len(buyer.world.report()["requests"]) - before)
        seconds += 900

    assert Payment.objects.get().state == "abandoned"
    assert len(looks) < 40
    assert max(after - before for before, after in pairwise(looks)) <= HOUR + 900
    assert buyer.pay(buyer.quote("noon")).json()["state"] == "paid"


def test_a_challenge_passed_in_a_tab_that_was_closed_is_found(buyer: Buyer) -> None:
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    _sweep_at(20)
    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert _sweep_at(25, 31) == [0, 1]
    assert _is_sold_once()


def test_a_challenge_passed_after_another_card_was_asked_for_is_found(buyer: Buyer) -> None:
    """The bank's page was still open in another tab; the webhook is lost, and nobody comes back."""
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    assert buyer.another_card(asked["order"])["state"] == "open"
    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert _sweep_at(20) == [1]
    assert _is_sold_once()
    assert Payment.objects.get().state == "succeeded"


def test_a_question_left_alone_is_forgotten_after_a_day(buyer: Buyer) -> None:
    buyer.another_card(buyer.buy("noon", card=ALWAYS_ASKS)["order"])
    _sweep_at(20)
    before = len(buyer.world.report()["requests"])

    assert _sweep_at(24 * HOUR + 1) == [0]
    assert len(buyer.world.report()["requests"]) == before


def test_a_silent_stripe_is_asked_again_every_fifteen_seconds(buyer: Buyer) -> None:
    _lose_answer(buyer)
    buyer.buy("noon")
    buyer.world.faults(stripe={"fail_next": [{"call": "*", "times": 100, "how": "503"}]})

    during = _sweep_at(20, 35, 50, 600)
    buyer.world.faults(stripe=None)
    afterwards = _sweep_at(610, 615.1)

    assert (during, afterwards) == ([0, 0, 0, 0], [0, 1])
    assert _is_sold_once()


def test_one_attempt_that_cannot_be_found_out_does_not_hold_up_the_others(shop: Shop, buyer: Buyer) -> None:
    _lose_answer(buyer, times=2)
    buyer.buy("noon")
    Buyer(shop.url, shop.world).buy("noon")
    token = Payment.objects.earliest("id").confirmation_token
    call = "GET /v1/confirmation_tokens/{confirmation_token}"
    shop.world.faults(stripe={"fail_next": [{"call": call, "how": "500"}]})

    assert _sweep_at(20) == [1]
    assert Payment.objects.get(state="sent").confirmation_token == token
    assert _sweep_at(36) == [1]


def test_the_sweep_only_asks(buyer: Buyer) -> None:
    _lose_answer(buyer, "drop_before")
    quote = buyer.quote("noon")
    buyer.pay(quote)
    _sweep_at(65)
    buyer.pay(quote, card=ALWAYS_ASKS)
    before = len(buyer.world.report()["requests"])

    _sweep_at(90, 3 * HOUR, 25 * HOUR)
    webhook_inbox.sweep(at=later(26 * HOUR))

    methods = {each["method"] for each in buyer.world.report()["requests"][before:]}
    assert methods == {"GET"}
