"""Published attacks, replayed over HTTP: few of their tries reach Stripe or a mailbox, and Ada still buys.

The attacks were of 18,000 tries and 150,000 free orders, and a few hundred stand for them. What is bounded is
a count and no rate: past a limit nothing comes through without work, however much comes after it, and what
was held up keeps the shop hot. So the thousandth try is as much held up as the hundredth.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from accounts.models import Mail
from billing.guarding import gate, heat, velocity, work
from billing.guarding.work import Work
from billing.models import Coupon, Heat, Order
from tests import factories, promises, working
from tests.buyer import Buyer
from tests.concurrency.stage import ALWAYS_ASKS, DECLINED, Stage, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("one_window")]

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
LIMITS = {velocity.SHOP: 20, "offer:1": 8}


def test_eighteen_thousand_cards_from_one_address(stage: Stage) -> None:
    """Each browser tries card after card on one order; new browsers come all the time."""
    attackers = [_with_quote(stage) for _ in range(12)]
    cards = [_declined(stage, number) for number in range(60)]

    def attack(attacker: tuple[Buyer, str]) -> list[str]:
        buyer, quote = attacker
        tokens = cards[attackers.index(attacker) * 5 :][:5] + [f"ctoken_made_up_{id(buyer)}"] * 20
        return [_named(buyer.press(quote, token=token)) for token in tokens]

    with ThreadPoolExecutor(6) as pool:
        first = list(pool.map(attack, attackers[:6]))
        ada = _buys_after_work(stage)
        second = list(pool.map(attack, attackers[6:]))

    answers = [name for named in first + second for name in named]
    assert ada == ["work_wanted", "paid"]
    assert _sent_to_stripe(stage) - 1 <= len(answers) - answers.count("work_wanted") < 50
    assert len(answers) == 300
    assert answers.count("work_wanted") > 250
    assert all(name == "work_wanted" for named in second for name in named)
    promises.sold(stage.world)


def test_going_round_the_shop_is_no_way_past_its_own_limit(stage: Stage) -> None:
    """Every try aims at another film, another sum and another currency, from a browser of its own."""
    for number in range(8):
        factories.film_on_sale(f"film-{number}", usd=500 + number, krw=9000 + number, eur=600 + number)

    for number in range(45):
        attacker = stage.stranger()
        quote = attacker.quote(f"film-{number % 8}", currency=("usd", "krw", "eur")[number % 3])
        attacker.press(quote, card=DECLINED)

    assert _sent_to_stripe(stage) <= velocity.limit_of(velocity.SHOP) + 1


def test_a_card_that_is_tried_out_heats_faster(stage: Stage) -> None:
    """The number is known and the code is not: one card, refused again and again."""
    attacker, quote = _with_quote(stage)

    names = [_named(attacker.press(quote, card=DECLINED)) for _ in range(9)]

    assert names == ["refused"] * 5 + ["work_wanted"] * 4
    card = Heat.objects.get(key__startswith="card:")
    assert card.count == 5


def test_cards_whose_bank_asks_are_counted_too(stage: Stage) -> None:
    names = []
    for _ in range(12):
        attacker, quote = _with_quote(stage)
        names.append(_named(attacker.press(quote, card=ALWAYS_ASKS)))

    assert set(names[8:]) == {"work_wanted"}


def test_a_hundred_and_fifty_thousand_free_orders_from_seventeen_thousand_addresses(stage: Stage) -> None:
    """Each order comes from a browser, an address of the network and a mail address of its own."""
    Coupon.objects.create(code="FREE", percent=100, uses_per_buyer=None)

    def order(number: int) -> str:
        buyer = stage.stranger()
        buyer.http.headers["X-Forwarded-For"] = f"10.{number // 250}.{number % 250}.7"
        quote = buyer.quote("noon", coupon="FREE")
        return _named(_take_for_nothing(buyer, quote, email=f"bot{number}@example.com"))

    with ThreadPoolExecutor(6) as pool:
        first = list(pool.map(order, range(150)))
        ada = stage.stranger()
        quote = ada.quote("noon", coupon="FREE")
        held = _take_for_nothing(ada, quote)
        bought = _take_for_nothing(ada, quote, **working.done(held.json()["task"]))
        second = list(pool.map(order, range(150, 300)))

    assert (_named(held), _named(bought)) == ("work_wanted", "paid")
    assert set(second) == {"work_wanted"}
    assert first.count("paid") == 20
    assert Mail.objects.count() == Order.objects.count() == 21
    promises.sold(stage.world, times=21)


def test_links_by_mail_wait_when_very_many_are_asked_for(stage: Stage) -> None:
    stranger = stage.stranger()
    stranger.panel("noon")

    answers = [
        stranger.post(
            "/api/v1/checkout-links/", {"email": f"bot{number}@example.com", "kind": "videos", "slug": "noon"}
        )
        for number in range(60)
    ]

    assert [answer.status_code for answer in answers] == [202] * 20 + [429] * 40
    assert answers[-1].json()["code"] == "too_hot"
    assert Mail.objects.count() == 20


def test_who_buys_all_day_is_never_held_up(stage: Stage) -> None:
    """Where most who come do buy, some refusals among them do not make it hot."""
    for number in range(30):
        buyer, quote = _with_quote(stage)
        card = DECLINED if number % 4 == 3 else "4242424242424242"
        name = _named(buyer.press(quote, card=card))
        assert name == ("refused" if number % 4 == 3 else "paid")


def test_an_outage_of_stripe_is_nobody_s_attack(stage: Stage, settings: Any) -> None:
    _with_heat(velocity.SHOP, 1)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    for _ in range(12):
        buyer, quote = _with_quote(stage)
        assert _named(buyer.pay(quote)) == "unavailable"

    assert Heat.objects.get(key=velocity.SHOP).count == 1


def test_the_second_sight_of_a_paid_order_is_never_held_up(stage: Stage) -> None:
    ada, quote = _with_quote(stage)
    assert _named(ada.pay(quote)) == "paid"
    _with_heat(velocity.SHOP, 500)

    assert _named(ada.pay(quote)) == "paid"
    promises.sold(stage.world)


def test_work_is_asked_for_once_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(40):
        _tries(NOON)

    said = [(record.levelname, vars(record)["heat"]) for record in caplog.records]
    assert sorted(said) == [("WARNING", "offer:1"), ("WARNING", velocity.SHOP)]


def test_heat_outlasts_its_window_while_it_is_fed_and_is_gone_within_the_hour() -> None:
    assert [_tries(NOON) for _ in range(500)].count(True) == 8

    for minutes in range(10, 120, 10):
        assert not any(_tries(NOON + timedelta(minutes=minutes)) for _ in range(40))
    cooling = [_tries(NOON + timedelta(minutes=minutes)) for minutes in range(120, 180, 10)]

    assert cooling[0] is False
    assert cooling[-1] is True
    heat.clear(at=NOON + timedelta(days=2))
    assert not Heat.objects.exists()


@pytest.mark.parametrize(
    ("excess", "parts"), [(1.1, 16), (3.9, 16), (4, 32), (15.9, 32), (16, 64), (9000, 64)]
)
def test_the_hotter_the_more_work(excess: float, parts: int) -> None:
    assert work.task(nonce="n", attempt=1, excess=excess, at=NOON).parts == parts


def test_work_is_good_for_what_it_was_set_for_and_for_five_minutes() -> None:
    task = work.task(nonce="n", attempt=1, excess=2, at=NOON)
    numbers = working.done({"token": task.token, "parts": task.parts, "bits": task.bits})["work_numbers"]
    right = Work(task.token, numbers)

    def is_done(given: Work = right, nonce: str = "n", attempt: int = 1, seconds: int = 0) -> bool:
        return work.is_done(given, nonce=nonce, attempt=attempt, at=NOON + timedelta(seconds=seconds))

    assert is_done(seconds=299)
    assert not is_done(seconds=300)
    assert not is_done(nonce="m")
    assert not is_done(attempt=2)
    assert not is_done(Work(task.token, [*numbers[:-1], numbers[-1] + 1]))
    assert not is_done(Work(task.token, numbers[:-1]))
    assert not is_done(Work(task.token + "x", numbers))
    assert not is_done(Work())


def test_an_honest_cold_shop_counts_nothing(stage: Stage) -> None:
    buyer, quote = _with_quote(stage)

    assert _named(buyer.pay(quote)) == "paid"
    assert not Heat.objects.exists()


@pytest.fixture(autouse=True)
def _webhooks_wait(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nobody listens to the attacks' webhooks here, and delivering them takes time."""
    if "stage" in request.fixturenames:
        request.getfixturevalue("stage").world.faults(webhooks={"pause": True})
    yield


def _with_quote(stage: Stage) -> tuple[Buyer, str]:
    buyer = stage.stranger()
    return buyer, buyer.quote("noon")


def _declined(stage: Stage, number: int) -> str:
    numbers = (DECLINED, "4000000000009995", "4000000000000069", "4000000000000127")
    return stage.world.confirmation_token(numbers[number % len(numbers)])


def _buys_after_work(stage: Stage) -> list[str]:
    ada, quote = _with_quote(stage)
    card = stage.world.confirmation_token()
    held = ada.press(quote, token=card)
    paid = ada.pay(quote, token=card, **working.done(held.json()["task"]))
    return [_named(held), _named(paid)]


def _take_for_nothing(buyer: Buyer, quote: str, **given: Any) -> requests.Response:
    return buyer.post("/api/v1/orders/", {"quote": quote, "email": "ada@example.com"} | given)


def _named(answer: requests.Response) -> str:
    body = answer.json()
    assert body["sentence"]
    return str(body.get("state") or body["code"])


def _sent_to_stripe(stage: Stage) -> int:
    calls = stage.world.report()["requests"]
    return sum(call["method"] == "POST" and "/payment_intents" in call["path"] for call in calls)


def _tries(at: datetime) -> bool:
    """Whether a try comes through without work."""
    try:
        gate.admit(LIMITS, Work(), nonce="n", attempt=1, at=at)
    except gate.WorkWanted:
        return False
    return True


def _with_heat(key: str, count: int) -> None:
    heat.add([key], count, at=datetime.now(UTC))
