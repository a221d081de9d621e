"""The price that was shown is the price that is charged: for half an hour, and while it is on sale."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.core import signing
from django.utils import timezone

from billing.buying import quotes
from billing.models import Order
from tests import factories
from tests.attacks import Visitor
from tests.buyer import choices
from tests.sandbox_client import World
from videos import pricing
from videos.models import Collection, Offer, Price, Video

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)


@pytest.fixture
def film() -> Video:
    return factories.film_on_sale("noon")


@pytest.fixture
def ada(world: World, film: Video) -> Visitor:
    return Visitor(world)


@pytest.fixture
def price(film: Video) -> Price:
    return Price.objects.get(offer__video=film, currency="usd")


def test_a_quote_says_what_was_signed(price: Price) -> None:
    quote = quotes.read(quotes.sign(price, visitor="v", at=NOON), visitor="v", at=NOON)

    assert (quote.price_id, quote.amount_minor, quote.currency) == (price.pk, 790, "usd")
    assert quote.expires_at == NOON + timedelta(minutes=30)


def test_each_quote_is_one_of_its_own(price: Price) -> None:
    one, other = (
        quotes.read(quotes.sign(price, visitor="v", at=NOON), visitor="v", at=NOON) for _ in range(2)
    )

    assert one.nonce != other.nonce
    assert len(one.nonce) == 32


def test_a_quote_holds_for_half_an_hour(price: Price) -> None:
    token = quotes.sign(price, visitor="v", at=NOON)

    quotes.read(token, visitor="v", at=NOON + timedelta(minutes=30) - SECOND)
    with pytest.raises(quotes.QuoteExpired):
        quotes.read(token, visitor="v", at=NOON + timedelta(minutes=30))


def test_a_quote_names_no_visitor(price: Price) -> None:
    token = quotes.sign(price, visitor="a-visitor-s-id", at=NOON)

    assert "a-visitor-s-id" not in str(signing.loads(token, salt="billing.quotes"))


def test_a_price_change_leaves_the_shown_price_as_it_was(ada: Visitor, price: Price, world: World) -> None:
    quote = ada.quote("noon")
    pricing.change(price.offer, currency="usd", amount_minor=1990, at=timezone.now())

    assert ada.pay(quote).json()["state"] == "paid"

    order = Order.objects.get()
    assert (order.total_minor, order.price) == (790, price)
    assert world.objects("payment_intent")[0]["amount"] == 790
    assert choices(Visitor().get("/checkout/videos/noon/panel/").content.decode())[0].amount == 1990


def test_the_panel_shows_the_new_price_and_charges_it(ada: Visitor, price: Price, world: World) -> None:
    pricing.change(price.offer, currency="usd", amount_minor=1990, at=timezone.now())

    ada.pay(ada.quote("noon"))

    assert Order.objects.get().total_minor == 1990
    assert world.objects("charge")[0]["amount"] == 1990


def _withdraw_offer() -> None:
    Offer.objects.update(is_active=False)


def _withdraw_film() -> None:
    Video.objects.update(is_published=False)


@pytest.mark.parametrize("withdraw", [_withdraw_offer, _withdraw_film])
def test_what_is_withdrawn_is_not_sold_by_an_older_quote(
    ada: Visitor, withdraw: object, world: World
) -> None:
    quote = ada.quote("noon")
    withdraw()  # type: ignore[operator]

    answer = ada.pay(quote)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_for_sale")
    assert not Order.objects.exists()
    assert not world.objects("payment_intent")


def test_a_withdrawn_course_is_not_sold_by_an_older_quote(ada: Visitor, film: Video) -> None:
    course = factories.collection(film, slug="course")
    factories.offer(course)
    quote = ada.quote("course", kind="collections")
    Collection.objects.update(is_published=False)

    assert ada.pay(quote).status_code == 409


@pytest.mark.parametrize(
    "currency, amount, text",
    [("krw", 9900, "₩9,900"), ("jpy", 1200, "¥1,200"), ("usd", 790, "$7.90"), ("eur", 790, "€7,90")],
)
def test_one_price_stands_on_the_page_the_button_the_charge_and_the_receipt(
    ada: Visitor, world: World, currency: str, amount: int, text: str
) -> None:
    panel = ada.get(f"/checkout/videos/noon/panel/?currency={currency}").content.decode()
    choice = choices(panel)[0]
    assert (choice.amount, choice.currency, choice.price) == (amount, currency, text)
    assert text in ada.get("/videos/noon/").content.decode()

    answer = ada.pay(choice.quote).json()

    intent = world.objects("payment_intent")[0]
    assert (intent["amount"], intent["currency"]) == (amount, currency)
    assert text in answer["receipt_html"]
    assert Order.objects.get().total_text == text


@pytest.mark.parametrize("wanted", ["gbp", "xyz", "", "KRW", "usd;", "%00", "a" * 3000, "가"])
def test_a_currency_that_it_is_not_sold_in_gives_way_to_the_language_s(ada: Visitor, wanted: str) -> None:
    answer = ada.get("/checkout/videos/noon/panel/", data={"currency": wanted})

    assert answer.status_code == 200
    assert choices(answer.content.decode())[0].currency == "usd"
    assert "$7.90" in ada.get("/videos/noon/").content.decode()
