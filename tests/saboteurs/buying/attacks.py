"""Attacks on Pay: each ends with what must be true whoever was faster."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import requests
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from billing.buying import checkout, order_taking
from billing.models import Coupon, Order, Payment, Selling
from billing.settling import outcomes
from billing.stripe import stripe_gateway
from tests import promises
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once, meeting, overtaken, results, turnstile, until
from tests.concurrency.stage import LATER, Stage

Press = Callable[[], requests.Response]


def two_tabs_begin(stage: Stage) -> None:
    """Two tabs with quotes of their own both find no order yet, and both make one."""
    presses = _two_tabs(stage)

    with meeting(order_taking, "_order_of", after=True):
        promises.named(all_at_once(*presses))

    promises.sold(stage.world)


def second_press_is_overtaken(stage: Stage) -> None:
    """A second press of one button finds no order yet; the first one then buys to the end."""
    ada = stage.stranger()
    quote = ada.quote("noon")
    presses = [_press(tab, quote, card) for tab, card in _tabs_with_cards(stage, ada)]

    answers = overtaken(*presses, owner=order_taking, name="_order_of", after=True)

    promises.keep(promises.named(answers) == ["paid", "paid"], "one quote got two answers")
    promises.sold(stage.world)


def an_order_is_closed_while_an_attempt_begins(stage: Stage) -> None:
    """One tab finds the order open; before it begins its attempt the other pays a new one in its place."""
    ada = stage.stranger()
    in_dollars, in_won = ada.quote("noon", currency="usd"), ada.quote("noon", currency="krw")
    _fail_to_reach_stripe(ada, in_dollars)
    (one, card), (other, other_card) = _tabs_with_cards(stage, ada)

    presses = _press(one, in_dollars, card), _press(other, in_won, other_card)
    promises.named(overtaken(*presses, owner=Order, name="save"))

    promises.sold(stage.world)


def two_currencies(stage: Stage) -> None:
    """One tab gives up the open order for a price in another currency while the other tab pays it."""
    ada = stage.stranger()
    in_dollars, in_won = ada.quote("noon", currency="usd"), ada.quote("noon", currency="krw")
    _fail_to_reach_stripe(ada, in_dollars)
    (one, card), (other, other_card) = _tabs_with_cards(stage, ada)

    answers = _while_under_way(
        _press(one, in_won, card), _press(other, in_dollars, other_card), owner=checkout, name="close"
    )

    promises.named(answers)
    promises.sold(stage.world)


def the_shop_is_closed(stage: Stage) -> None:
    """The page with the price is older than the closing."""
    ada = stage.stranger()
    quote = ada.quote("noon")
    Selling.objects.create(pk=1, mode=Selling.Mode.STOPPED)
    before = promises.everything()

    answer = ada.pay(quote)

    promises.keep(answer.status_code == 503, f"a closed shop answered {answer.status_code}")
    promises.unchanged(before)


def a_coupon_for_one_is_used_by_two(stage: Stage) -> None:
    """Two strangers hold the reduced price of a coupon with one use left, and both press Pay."""
    Coupon.objects.create(code="SPRING", percent=10, uses_limit=1)
    strangers = [(stage.stranger(), f"buyer{number}@example.com") for number in range(2)]
    quotes = [stranger.quote("noon", coupon="SPRING") for stranger, _ in strangers]

    answers = [
        stranger.pay(quote, email=email) for (stranger, email), quote in zip(strangers, quotes, strict=True)
    ]

    promises.named(answers)
    promises.sold(stage.world)


def what_is_yours_is_bought_again(stage: Stage) -> None:
    """A second tab with a quote of its own found no order, and waits until the first one has bought."""
    answers = overtaken(*_two_tabs(stage), owner=order_taking, name="_order_of", after=True)

    promises.keep(promises.named(answers) == ["already_yours", "paid"], "one film was sold twice")
    promises.sold(stage.world)


def stripe_answers_too_late(stage: Stage) -> None:
    """We stopped waiting, the buyer presses again with another card, and only then Stripe acts."""
    ada = stage.stranger()
    quote = ada.quote("noon")
    late = {"call": "POST /v1/payment_intents", "how": "hang_then_process", "seconds": 2}
    stage.world.faults(stripe={"fail_next": [late]}, webhooks={"drop": 99})
    with override_settings(STRIPE_TIMEOUT_SECONDS=1):
        answers = [ada.pay(quote)]

    ada.status(answers[0].json()["order"])
    answers.append(ada.pay(quote))
    until(lambda: _calls_carried_out(stage) == Payment.objects.count())
    outcomes.sweep(at=timezone.now() + LATER)

    promises.named(answers)
    promises.sold(stage.world)


def one_attempt_is_sent_twice(stage: Stage) -> None:
    """The line to Stripe doubles a request: the same attempt again is the same charge."""
    order = stage.open_order()
    card = stage.world.confirmation_token()
    payment = Payment(
        amount_minor=790, currency="usd", number=2, confirmation_token=card, idempotency_key="once"
    )
    send = partial(
        stripe_gateway.charge,
        payment,
        order_reference=order.reference,
        intent_id=None,
        return_url=f"{settings.SITE_URL}/checkout/return/",
    )

    first, second = promises.undisturbed(send), promises.undisturbed(send)

    promises.keep(first.id == second.id, "one attempt made two intents")


def _calls_carried_out(stage: Stage) -> int:
    return sum(call["path"] == "/v1/payment_intents" for call in stage.world.report()["requests"])


def _two_tabs(stage: Stage) -> list[Press]:
    """Two tabs of one browser about to pay, each with a quote of its own."""
    ada = stage.stranger()
    quotes = [ada.quote("noon"), ada.quote("noon")]
    tabs = _tabs_with_cards(stage, ada)
    return [_press(tab, quote, card) for quote, (tab, card) in zip(quotes, tabs, strict=True)]


def _while_under_way(slow: Press, fast: Press, *, owner: object, name: str) -> list[requests.Response]:
    """Hold `slow` at `owner.name`, let it end while `fast` speaks to Stripe, then let that end."""
    with (
        turnstile(owner, name) as first,
        turnstile(stripe_gateway, "charge") as second,
        ThreadPoolExecutor(2) as pool,
    ):
        one = pool.submit(slow)
        first.wait_until_reached(one)
        other = pool.submit(fast)
        second.wait_until_reached(other)
        first.open()
        one.exception()
        second.open()
        return results([one, other])


def _fail_to_reach_stripe(buyer: Buyer, quote: str) -> None:
    with override_settings(STRIPE_API_BASE="http://127.0.0.1:9"):
        assert buyer.pay(quote).status_code == 503
    assert Order.objects.get().intent_id is None


def _tabs_with_cards(stage: Stage, buyer: Buyer) -> list[tuple[Buyer, str]]:
    return list(zip(stage.tabs(buyer, 2), stage.cards(2), strict=True))


def _press(tab: Buyer, quote: str, card: str) -> Press:
    return partial(tab.pay, quote, token=card)
