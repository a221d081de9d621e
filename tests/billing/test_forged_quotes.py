"""A quote that was forged, carried elsewhere or kept too long buys nothing, and nothing has changed."""

import base64
import json
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.core import signing
from django.utils import timezone
from pytest_django import Settings

from billing.buying import quotes
from billing.models import Order
from tests import factories
from tests.attacks import Visitor, assert_refused
from tests.billing.till import ORDERS, pay_with
from tests.sandbox_client import World
from videos.models import Price

pytestmark = pytest.mark.django_db

SALT: Final = "billing.quotes"
# Each is put in the place of one field, or of the whole body, of a request that is otherwise good.
NO_QUOTES: Final = {
    "none": None,
    "empty": "",
    "number": 5,
    "true": True,
    "list": ["a"],
    "object": {"a": 1},
    "too long": "q" * 1001,
    "NUL": "a\0b",
    "half a surrogate pair": "\ud800",
    "nonsense": "a:b:c",
    "other letters": "가:나:다",
}


@pytest.fixture
def ada(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
def bo(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture(autouse=True)
def _films(db: None) -> None:
    factories.film_on_sale("noon")
    factories.film_on_sale("dusk")


def test_a_quote_that_was_tampered_with_buys_nothing(bo: Visitor, subtests: pytest.Subtests) -> None:
    quote = bo.quote("noon")
    honest = bo.payment(quote)
    tampered = {
        **NO_QUOTES,
        "signature": quote[:-1] + ("A" if quote[-1] != "A" else "B"),
        "without signature": quote.rpartition(":")[0],
        "other time": _with_part(quote, 1, "1zzzzz"),
        "lower amount": _with_claim(quote, amount=1),
        "negative amount": _with_claim(quote, amount=-790),
        "huge amount": _with_claim(quote, amount=10**30),
        "foreign currency": _with_claim(quote, currency="krw"),
        "other price": _with_claim(quote, price=Price.objects.exclude(currency="usd")[0].pk),
        "other browser": _with_claim(quote, **{"for": ""}),
        "longer life": _with_claim(quote, until=2**40),
        "signed by a stranger": signing.dumps(_claims(quote), key="a stranger's key", salt=SALT),
        "signed for something else": signing.dumps(_claims(quote), salt="django.contrib.sessions"),
    }

    assert_refused(subtests, pay_with(bo, honest, "quote", tampered), honest=partial(bo.post, ORDERS, honest))


def test_a_quote_holds_for_its_price_alone(bo: Visitor, subtests: pytest.Subtests) -> None:
    """Signed well, as if the key were known or the row gone: the price itself is the second guard."""
    quote = bo.quote("noon")
    honest = bo.payment(quote)
    usd, krw = (Price.objects.get(offer__video__slug="noon", currency=each) for each in ("usd", "krw"))
    untrue: dict[str, dict[str, Any]] = {
        "lower amount": {"amount": 1},
        "no amount": {"amount": 0},
        "negative amount": {"amount": -usd.amount_minor},
        "huge amount": {"amount": 10**30},
        "foreign currency": {"currency": "krw"},
        "the won's price in dollars": {"price": krw.pk},
        "unknown currency": {"currency": "xyz"},
        "another film's price": {"price": Price.objects.filter(offer__video__slug="dusk")[1].pk},
        "unknown price": {"price": usd.pk + 10_000},
        "huge price id": {"price": 10**30},
        "another browser": {"for": "0" * 20},
        "run out": {"until": int((timezone.now() - timedelta(seconds=1)).timestamp())},
    }
    signed = {what: signing.dumps(_claims(quote) | claims, salt=SALT) for what, claims in untrue.items()}

    assert_refused(
        subtests,
        pay_with(bo, honest, "quote", signed),
        honest=partial(bo.post, ORDERS, honest),
        expected={409},
    )


def test_a_quote_works_in_the_browser_it_was_shown_to(
    ada: Visitor, bo: Visitor, subtests: pytest.Subtests
) -> None:
    honest = ada.payment(ada.quote("noon"))
    newcomer = Visitor(ada.world)
    bo.quote("noon")

    assert_refused(
        subtests,
        {"Bo": partial(bo.post, ORDERS, honest), "who never looked": partial(newcomer.post, ORDERS, honest)},
        honest=partial(ada.post, ORDERS, honest),
        expected={409},
    )
    assert_refused(  # and once it has bought, too
        subtests,
        {"Bo, afterwards": partial(bo.post, ORDERS, honest | {"confirmation_token": _token(bo)})},
        honest=partial(ada.post, ORDERS, honest),
        expected={409},
    )
    assert Order.objects.count() == 1


def test_a_quote_survives_a_change_of_the_secret_key(bo: Visitor, settings: Settings) -> None:
    price = Price.objects.get(offer__video__slug="noon", currency="usd")
    now = timezone.now()
    quote = quotes.sign(price, visitor="v", at=now)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert quotes.read(quote, visitor="v", at=now).price_id == price.pk

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(quotes.BadQuote):
        quotes.read(quote, visitor="v", at=now)


def _token(who: Visitor) -> str:
    assert who.world is not None
    return who.world.confirmation_token()


def _claims(quote: str) -> dict[str, Any]:
    claims: dict[str, Any] = signing.loads(quote, salt=SALT)
    return claims


def _with_claim(quote: str, **claims: Any) -> str:
    """The same quote saying something else, under the signature it has."""
    text = json.dumps(_claims(quote) | claims).encode()
    return _with_part(quote, 0, base64.urlsafe_b64encode(text).decode().rstrip("="))


def _with_part(quote: str, number: int, part: str) -> str:
    parts = quote.split(":")
    return ":".join([*parts[:number], part, *parts[number + 1 :]])
