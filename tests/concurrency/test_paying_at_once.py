"""Many presses of Pay at one instant: one order, one charge, one film, one receipt, a sentence for each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests
from django.test import override_settings

from accounts.models import Mail
from billing.buying import checkout, order_taking
from billing.models import Order
from billing.stripe import stripe_gateway
from tests import promises
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once, meeting, overtaken, results, turnstile, until
from tests.concurrency.stage import ALWAYS_ASKS, DECLINED, Stage
from tests.saboteurs.taking_away import dropped, no_row_locks
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

Press = Callable[[], requests.Response]


def test_without_its_guards_a_film_is_sold_as_often_as_pay_is_pressed(stage: Stage) -> None:
    presses = _presses(stage, [_quote(stage.stranger())], 4)

    with (
        no_row_locks(),
        dropped(Order, "one_open_order_per_session_offer", "quote_nonce"),
        meeting(order_taking, "_order_of", parties=4, after=True),
    ):
        all_at_once(*presses)
        charges = stage.world.objects("charge")

    assert len(charges) == 4


def test_twenty_presses_of_one_quote_are_one_sale(stage: Stage) -> None:
    ada = stage.stranger()

    answers = all_at_once(*_presses(stage, [_quote(ada)], 20))

    assert set(promises.named(answers)) <= {"paid", "asking"}
    assert len({answer.json()["order"] for answer in answers}) == 1
    _one_sale(stage, ada)


def test_twenty_presses_in_two_tabs_are_one_sale(stage: Stage) -> None:
    ada = stage.stranger()

    answers = all_at_once(*_presses(stage, [_quote(ada), _quote(ada)], 20))

    assert set(promises.named(answers)) <= {"paid", "asking", "already_yours"}
    _one_sale(stage, ada)


def test_twenty_presses_in_two_currencies_are_one_sale(stage: Stage) -> None:
    ada = stage.stranger()
    quotes = [_quote(ada, currency="usd"), _quote(ada, currency="krw")]
    ada.pay(quotes[0][1], card=DECLINED)

    answers = all_at_once(*_presses(stage, quotes, 20))

    assert set(promises.named(answers)) & {"paid", "asking"}
    _one_sale(stage, ada)


def test_twenty_presses_with_a_card_that_asks_are_one_question(stage: Stage) -> None:
    ada = stage.stranger()
    quote = _quote(ada)

    answers = all_at_once(*[partial(tab.pay, quote[1], card=ALWAYS_ASKS) for tab in stage.tabs(ada, 20)])

    assert set(promises.named(answers)) <= {"challenge", "asking"}
    assert len(stage.world.objects("payment_intent")) == 1
    stage.pass_challenge(Order.objects.get())
    _one_sale(stage, ada)


def test_presses_of_strangers_do_not_hinder_each_other(stage: Stage) -> None:
    strangers = [stage.stranger() for _ in range(8)]
    quotes = [stranger.quote("noon") for stranger in strangers]
    cards = stage.cards(8)

    answers = all_at_once(
        *[
            partial(who.pay, quote, token=card)
            for who, quote, card in zip(strangers, quotes, cards, strict=True)
        ]
    )

    assert promises.named(answers) == ["paid"] * 8
    promises.sold(stage.world, times=8)


def test_an_order_in_the_way_may_be_sold_before_it_is_found(stage: Stage) -> None:
    """The second tab's order is refused by the index, and the first one's is paid before it is looked up."""
    ada = stage.stranger()
    slow, fast = _presses(stage, [_quote(ada), _quote(ada)], 2)

    with ThreadPoolExecutor(2) as pool, turnstile(order_taking, "_order_of", after=True) as first:
        one = pool.submit(slow)
        first.wait_until_reached(one)
        with turnstile(stripe_gateway, "charge") as paying, turnstile(order_taking, "_order_of") as second:
            other = pool.submit(fast)
            second.open()
            paying.wait_until_reached(other)
            with turnstile(order_taking, "_order_of") as third:
                first.open()
                third.wait_until_reached(one)
                paying.open()
                other.result()
        answers = results([one, other])

    assert promises.named(answers) == ["already_yours", "paid"]
    promises.sold(stage.world)


def test_a_third_tab_may_be_faster_than_a_change_of_currency(stage: Stage) -> None:
    ada = stage.stranger()
    quotes = [_quote(ada, currency=currency) for currency in ("usd", "krw", "eur")]
    _in_vain(quotes[0])
    slow, fast = _presses(stage, quotes[1:], 2)

    answers = overtaken(slow, lambda: _unreachable(fast), owner=checkout, name="close", after=True)

    assert promises.named(answers) == ["refused", "unavailable"]
    promises.sold(stage.world, times=0)


def _one_sale(stage: Stage, buyer: Buyer) -> None:
    reference = Order.objects.exclude(state=Order.State.CANCELED).get().reference
    until(lambda: buyer.status(reference)["state"] == "paid")  # the page asks until it knows, and so do we
    promises.sold(stage.world)
    assert Entitlement.objects.count() == Mail.objects.count() == 1


Quote = tuple[Buyer, str]


def _quote(buyer: Buyer, **query: str) -> Quote:
    return buyer, buyer.quote("noon", **query)


def _presses(stage: Stage, quotes: list[Quote], count: int) -> list[Press]:
    """Presses of these quotes in turn, each in a tab and with a card of its own."""
    cards = stage.cards(count)
    tabs = stage.tabs(quotes[0][0], count)
    return [
        partial(tab.pay, quotes[number % len(quotes)][1], token=card)
        for number, (tab, card) in enumerate(zip(tabs, cards, strict=True))
    ]


def _in_vain(quote: Quote) -> None:
    buyer, token = quote
    assert _unreachable(partial(buyer.pay, token)).status_code == 503


def _unreachable(press: Press) -> requests.Response:
    """Press Pay while Stripe cannot be reached."""
    with override_settings(STRIPE_API_BASE="http://127.0.0.1:9"):
        return press()
