"""From the panel to the first link to the film, over real HTTP, with the sandbox as Stripe."""

import pytest

from accounts.models import Mail
from billing.models import Order, Payment
from tests.billing.club import until
from tests.buyer import Buyer
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

FRICTIONLESS = "4000000032200000"
ALWAYS_ASKS = "4000002760003184"
ASKS_THEN_DECLINES = "4000008400001629"
DECLINED = "4000000000000002"
POOR = "4000000000009995"
STOLEN = "4000000000009979"


def test_a_card_that_needs_no_question_buys_at_once(buyer: Buyer) -> None:
    answer = buyer.buy("noon")

    order = Order.objects.get()
    assert answer["state"] == "paid"
    assert answer["playback"]["url"].startswith("http://kollus.localhost")
    assert order.is_paid
    assert order.total_minor == 790
    assert Entitlement.objects.get().reference == order.reference
    assert Mail.objects.get().cause == f"receipt:{order.reference}"


def test_a_frictionless_check_buys_at_once(buyer: Buyer) -> None:
    assert buyer.buy("noon", card=FRICTIONLESS)["state"] == "paid"


@pytest.mark.parametrize("currency, amount", [("krw", 9900), ("jpy", 1200), ("eur", 790)])
def test_the_amount_shown_is_the_amount_charged(buyer: Buyer, currency: str, amount: int) -> None:
    assert buyer.buy("noon", currency=currency)["state"] == "paid"

    intent = buyer.world.objects("payment_intent")[0]
    assert (intent["amount"], intent["currency"]) == (amount, currency)
    assert (Order.objects.get().total_minor, Order.objects.get().currency) == (amount, currency)


def test_a_passed_challenge_buys(buyer: Buyer) -> None:
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    assert asked["state"] == "challenge"
    assert not Entitlement.objects.exists()

    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert buyer.status(asked["order"])["state"] == "paid"
    assert Entitlement.objects.count() == 1


def test_a_failed_challenge_charges_nothing_and_lets_another_card_pay_the_same_order(buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    asked = buyer.pay(quote, card=ALWAYS_ASKS).json()
    buyer.world.challenge(asked["challenge_url"], passed=False)

    refused = buyer.status(asked["order"])
    paid = buyer.pay(quote).json()

    assert refused["state"] == "refused"
    assert "could not confirm" in refused["sentence"]
    assert paid["state"] == "paid"
    assert paid["order"] == asked["order"]
    assert len(buyer.world.objects("payment_intent")) == 1


def test_a_challenge_left_alone_gives_way_to_another_card(buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    asked = buyer.pay(quote, card=ALWAYS_ASKS).json()

    assert buyer.another_card(asked["order"])["state"] == "open"
    assert buyer.pay(quote).json()["state"] == "paid"
    assert list(Payment.objects.order_by("number").values_list("state", flat=True)) == [
        "abandoned",
        "succeeded",
    ]


def test_a_challenge_that_was_passed_is_a_sale_even_when_another_card_was_asked_for(buyer: Buyer) -> None:
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert buyer.another_card(asked["order"])["state"] == "paid"


@pytest.mark.parametrize(
    "card, words",
    [
        (DECLINED, "Your bank declined the card"),
        (POOR, "isn't enough money"),
        (STOLEN, "Your bank declined the card"),
    ],
)
def test_a_decline_says_why_and_charges_nothing(buyer: Buyer, card: str, words: str) -> None:
    answer = buyer.buy("noon", card=card)

    assert answer["state"] == "refused"
    assert words in answer["sentence"]
    assert not Entitlement.objects.exists()
    assert not Mail.objects.exists()


def test_a_card_can_be_declined_after_the_challenge(buyer: Buyer) -> None:
    asked = buyer.buy("noon", card=ASKS_THEN_DECLINES)
    buyer.world.challenge(asked["challenge_url"], passed=True)

    assert buyer.status(asked["order"])["state"] == "refused"


def test_the_same_quote_again_returns_the_paid_order(buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    first = buyer.pay(quote).json()

    second = buyer.pay(quote).json()

    assert second["state"] == "paid"
    assert second["order"] == first["order"]
    assert len(buyer.world.objects("charge")) == 1


def test_what_is_yours_is_not_sold_again(buyer: Buyer) -> None:
    quote = buyer.quote("noon")
    buyer.buy("noon")

    answer = buyer.pay(quote)

    assert answer.status_code == 409
    assert answer.json()["code"] == "already_yours"
    assert Order.objects.count() == 1


def test_the_webhook_alone_settles_when_the_browser_never_asks(buyer: Buyer, celery_worker: object) -> None:
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    buyer.world.challenge(asked["challenge_url"], passed=True)

    until(lambda: Order.objects.get().is_paid)

    assert Entitlement.objects.count() == 1


@pytest.mark.parametrize("card, state", [("4242424242424242", "paid"), (DECLINED, "refused")])
def test_the_card_can_be_handed_over_as_a_payment_method(buyer: Buyer, card: str, state: str) -> None:
    answer = buyer.pay(buyer.quote("noon"), token=buyer.world.payment_method(card)).json()

    assert answer["state"] == state


def test_a_payment_method_whose_answer_was_lost_is_found_by_its_order(buyer: Buyer) -> None:
    call = {"call": "POST /v1/payment_intents", "times": 1, "how": "drop_after"}
    buyer.world.faults(stripe={"fail_next": [call]}, webhooks={"pause": True})

    asked = buyer.pay(buyer.quote("noon"), token=buyer.world.payment_method()).json()

    until(lambda: buyer.status(asked["order"])["state"] == "paid")
    assert Entitlement.objects.count() == 1


def test_the_same_card_sent_twice_is_one_attempt(buyer: Buyer) -> None:
    quote, token = buyer.quote("noon"), buyer.world.confirmation_token(DECLINED)
    buyer.pay(quote, token=token)

    again = buyer.pay(quote, token=token).json()

    assert again["state"] == "refused"
    assert Payment.objects.count() == 1
