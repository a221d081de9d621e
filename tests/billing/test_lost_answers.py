"""No answer is an unknown outcome, not "nothing was charged": whoever asks first finds out."""

import itertools
import time
from datetime import timedelta

import pytest
import requests
from django.test import override_settings
from pytest_django import Settings

from accounts.models import Mail
from billing.inbox import webhook_inbox
from billing.models import Order, Payment
from billing.settling import outcomes
from tests import factories
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later
from tests.services import free_port
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

ALWAYS_ASKS = "4000002760003184"
DECLINED = "4000000000000002"
CREATE = "POST /v1/payment_intents"
CONFIRM = "POST /v1/payment_intents/{intent}/confirm"
PATIENCE_SECONDS = 2  # with a call that hangs; all others may take their time on a slow machine


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    factories.film_on_sale("noon")
    shop.world.faults(webhooks={"pause": True})
    return Buyer(shop.url, shop.world)


def _fail(buyer: Buyer, how: str, call: str = CREATE) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": call, "how": how}]})


def _pay_in_vain(buyer: Buyer, quote: str, how: str, call: str = CREATE) -> requests.Response:
    """Press Pay while this call fails. One that hangs does so still, until the world lets it go."""
    _fail(buyer, how, call)
    patience = {"STRIPE_TIMEOUT_SECONDS": PATIENCE_SECONDS} if how.startswith("hang") else {}
    with override_settings(**patience):
        return buyer.pay(quote)


# Who may find out.


def _page(buyer: Buyer) -> None:
    buyer.status(Order.objects.get().reference)


def _webhook(buyer: Buyer) -> None:
    buyer.world.faults(webhooks={"pause": False})
    buyer.world.settle()
    webhook_inbox.sweep(at=later(0))


def _sweep(buyer: Buyer) -> None:
    outcomes.sweep(at=later(61))


WITNESSES = {"page": _page, "webhook": _webhook, "sweep": _sweep}
ORDERS = list(itertools.permutations(WITNESSES))


def _cases(every_order: str, *others: str) -> list[tuple[str, tuple[str, ...]]]:
    """One failure with its witnesses in every order; the others with each witness as the first."""
    return [(every_order, each) for each in ORDERS] + [(how, each) for how in others for each in ORDERS[::2]]


def _name(given: str | tuple[str, ...]) -> str:
    return given if isinstance(given, str) else "-".join(given)


def _successful_charges(buyer: Buyer) -> int:
    return sum(charge["paid"] for charge in buyer.world.objects("charge"))


def _check_it_was_sold_once(buyer: Buyer) -> None:
    assert Order.objects.get().is_paid
    assert (Entitlement.objects.count(), Mail.objects.count(), _successful_charges(buyer)) == (1, 1, 1)


def _check_nothing_was_sold(buyer: Buyer) -> None:
    assert (Entitlement.objects.count(), Mail.objects.count(), _successful_charges(buyer)) == (0, 0, 0)


@pytest.mark.parametrize("how, witnesses", _cases("drop_after", "hang_then_process"), ids=_name)
def test_a_charge_whose_answer_was_lost_is_found_by_whoever_asks_first(
    buyer: Buyer, how: str, witnesses: tuple[str, ...]
) -> None:
    answer = _pay_in_vain(buyer, buyer.quote("noon"), how)
    assert (answer.status_code, answer.json()["state"]) == (202, "asking")
    assert "charged twice" in answer.json()["sentence"]
    buyer.world.let_go()

    for witness in witnesses:
        WITNESSES[witness](buyer)
        _check_it_was_sold_once(buyer)


@pytest.mark.parametrize("how, witnesses", _cases("drop_before", "hang", "500", "503"), ids=_name)
def test_a_call_that_came_to_nothing_frees_the_order(
    buyer: Buyer, how: str, witnesses: tuple[str, ...]
) -> None:
    quote = buyer.quote("noon")
    asked = _pay_in_vain(buyer, quote, how).json()
    assert asked["state"] == "asking"
    buyer.world.let_go()

    for witness in witnesses:
        WITNESSES[witness](buyer)

    _check_nothing_was_sold(buyer)
    assert Payment.objects.get().decline_code == outcomes.NO_ANSWER
    again = buyer.pay(quote).json()
    assert (again["order"], again["state"]) == (asked["order"], "paid")
    _check_it_was_sold_once(buyer)


@pytest.mark.parametrize("how", ["drop_after", "drop_before", "hang_then_process"])
def test_nothing_is_sent_again_while_the_outcome_is_unknown(buyer: Buyer, how: str) -> None:
    quote, other_tab = buyer.quote("noon"), buyer.quote("noon", currency="krw")
    _pay_in_vain(buyer, quote, how)

    for pressed in (quote, other_tab):
        answer = buyer.pay(pressed).json()
        assert answer.get("state", answer.get("code")) in ("asking", "paid", "already_yours")

    buyer.world.let_go()
    sent = [each for each in buyer.world.report()["requests"] if each["method"] == "POST"]
    assert len(sent) == 1


@pytest.mark.parametrize(
    "how, decided_after",
    [("500", 2), ("503", 2), ("drop_before", 60), ("hang", 60)],
    ids=["Stripe said 500", "Stripe said 503", "cut", "hanging"],
)
def test_a_call_that_may_still_be_carried_out_is_waited_for(
    buyer: Buyer, how: str, decided_after: int
) -> None:
    _pay_in_vain(buyer, buyer.quote("noon"), how)
    buyer.world.let_go()
    payment = Payment.objects.get()
    until, failed_at = payment.under_way_until, payment.look_after
    assert until and failed_at

    outcomes.look(payment, at=until - timedelta(microseconds=1))
    undecided = payment.state
    outcomes.look(payment, at=until)

    assert until - failed_at == timedelta(seconds=decided_after)
    assert (undecided, payment.state) == ("sent", "refused")


@pytest.mark.parametrize(
    "card, state", [(DECLINED, "refused"), (ALWAYS_ASKS, "challenge")], ids=["declined", "asked"]
)
@pytest.mark.parametrize("witness", WITNESSES)
def test_a_lost_answer_that_was_no_sale_is_told_as_it_was(
    buyer: Buyer, witness: str, card: str, state: str
) -> None:
    _fail(buyer, "drop_after")
    reference = buyer.buy("noon", card=card)["order"]

    WITNESSES[witness](buyer)

    answer = buyer.status(reference)
    assert answer["state"] == state
    assert bool(answer["challenge_url"]) == (state == "challenge")
    _check_nothing_was_sold(buyer)


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize("how", ["drop_after", "hang_then_process"])
def test_a_second_card_whose_answer_was_lost_is_charged_once(buyer: Buyer, how: str, witness: str) -> None:
    quote = buyer.quote("noon")
    buyer.pay(quote, card=DECLINED)
    assert _pay_in_vain(buyer, quote, how, CONFIRM).json()["state"] == "asking"
    buyer.world.let_go()

    WITNESSES[witness](buyer)

    _check_it_was_sold_once(buyer)
    assert len(buyer.world.objects("payment_intent")) == 1


# Stripe is not there at all


def test_a_stripe_that_cannot_be_reached_is_told_at_once_and_the_order_can_be_paid_later(
    buyer: Buyer, settings: Settings
) -> None:
    quote, address = buyer.quote("noon"), settings.STRIPE_API_BASE
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"

    begun = time.monotonic()
    answer = buyer.pay(quote)
    seconds = time.monotonic() - begun

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "nothing was charged" in answer.json()["sentence"]
    assert seconds < settings.STRIPE_TIMEOUT_SECONDS
    assert (Payment.objects.get().state, Order.objects.get().state) == ("refused", "open")
    settings.STRIPE_API_BASE = address
    assert buyer.pay(quote).json()["state"] == "paid"
    _check_it_was_sold_once(buyer)


def test_a_page_is_told_what_is_known_while_stripe_cannot_be_reached(
    buyer: Buyer, settings: Settings
) -> None:
    asked = buyer.buy("noon", card=ALWAYS_ASKS)
    address = settings.STRIPE_API_BASE
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"

    assert buyer.status(asked["order"])["state"] == "challenge"
    assert buyer.post(f"/api/v1/orders/{asked['order']}/another-card/", {}).status_code == 503

    settings.STRIPE_API_BASE = address
    assert buyer.another_card(asked["order"])["state"] == "open"


# Two tabs, and answers lost between them


def test_a_sale_found_while_trying_another_card_is_never_called_nothing(buyer: Buyer) -> None:
    """The challenge was passed in another tab; just as we learn it, Stripe stops answering."""
    quote = buyer.quote("noon")
    asked = buyer.pay(quote, card=ALWAYS_ASKS).json()
    buyer.another_card(asked["order"])
    buyer.world.challenge(asked["challenge_url"], passed=True)
    _fail(buyer, "503", "GET /v1/payment_intents/{intent}")

    answer = buyer.pay(quote)

    assert (answer.status_code, answer.json()["state"]) == (202, "asking")
    assert buyer.status(asked["order"])["state"] == "paid"
    _check_it_was_sold_once(buyer)


def test_an_order_whose_cancellation_went_unheard_makes_way_for_another(buyer: Buyer) -> None:
    """In dollars, in won where the old order is closed unheard, and in dollars again."""
    dollars = buyer.quote("noon", currency="usd")
    first = buyer.pay(dollars, card=DECLINED).json()
    _fail(buyer, "drop_after", "POST /v1/payment_intents/{intent}/cancel")
    assert buyer.pay(buyer.quote("noon", currency="krw")).status_code == 503

    closed = buyer.pay(dollars).json()
    paid = buyer.pay(buyer.quote("noon", currency="usd")).json()

    assert (closed["state"], closed["order"]) == ("canceled", first["order"])
    assert paid["state"] == "paid"
    assert _successful_charges(buyer) == Entitlement.objects.count() == 1
