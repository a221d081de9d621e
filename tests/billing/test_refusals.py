"""What is forged, foreign or unreadable at the till is refused in words, and nothing has changed."""

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
from billing.models import Order, Payment
from tests import attacks, factories
from tests.attacks import Visitor, assert_refused
from tests.sandbox_client import World
from videos.models import Offer, Price

pytestmark = pytest.mark.django_db

SALT: Final = "billing.quotes"
ORDERS: Final = "/api/v1/orders/"
LINKS: Final = "/api/v1/checkout-links/"

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
NO_TOKENS: Final = {
    "none": None,
    "empty": "",
    "number": 5,
    "list": ["ctoken_1234"],
    "an intent": "pi_12345678",
    "two lines": "ctoken_1234\nctoken_5678",
    "a path": "ctoken_../../v1/refunds",
    "too long": "ctoken_" + "a" * 61,
    "other digits": "ctoken_１２３４",
}
NO_ADDRESSES: Final = {
    "none": None,
    "empty": "",
    "number": 5,
    "list": ["a@example.com"],
    "no at": "example.com",
    "two lines": "a@example.com\nBcc: b@example.com",
    "NUL": "a\0@example.com",
    "half a surrogate pair": "a@\ud800.com",
    "longer than is kept": "a@" + ".".join(["b" * 60] * 4) + ".example.com",
    "far too long": "a" * 5000 + "@example.com",
}
UNREADABLE: Final[dict[str, dict[str, Any]]] = {
    "no body": {"body": b""},
    "half an object": {"body": b'{"quote": '},
    "list": {"body": []},
    "null": {"body": b"null"},
    "number": {"body": b"5"},
    "text": {"body": b'"quote"'},
    "empty object": {"body": {}},
    "not a number": {"body": b'{"quote": NaN}'},
    "a very long number": {"body": b'{"quote": ' + b"9" * 5000 + b"}"},
    "nested too deep": {"body": b'{"quote": ' + b"[" * 15_000 + b"]" * 15_000 + b"}"},
    "a megabyte": {"body": {"quote": "q" * attacks.MEGABYTE}},
    "a megabyte of a form": {
        "body": b"quote=" + b"q" * attacks.MEGABYTE,
        "content_type": "application/x-www-form-urlencoded",
    },
    "a form": {"body": b"quote=q", "content_type": "application/x-www-form-urlencoded"},
    "broken multipart": {"body": b"--x", "content_type": "multipart/form-data; boundary=\xff"},
    "plain text": {"body": b"{}", "content_type": "text/plain"},
    "not UTF-8": {"body": b'{"quote": "\xff\xfe"}'},
    "of an odd charset": {"body": b"{}", "content_type": "application/json; charset=zlib"},
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


def test_every_table_is_watched(bo: Visitor) -> None:
    """The proof of this whole file: one row changed anywhere that matters is seen."""
    before = attacks.state()
    assert {"billing.Order", "billing.Payment", "accounts.Mail", "videos.Entitlement"} <= before.keys()

    assert bo.pay(bo.quote("noon")).json()["state"] == "paid"

    assert {table for table, rows in attacks.state().items() if rows != before[table]} == {
        "billing.Order",
        "billing.Payment",
        "billing.Consent",
        "billing.ReceiptCounter",
        "videos.Entitlement",
        "videos.ViewerCode",
        "videos.PlaybackSession",
        "billing.LedgerEntry",
        "accounts.Pass",
        "accounts.Mail",
    }


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

    assert_refused(
        subtests, _pay_with(bo, honest, "quote", tampered), honest=partial(bo.post, ORDERS, honest)
    )


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
        _pay_with(bo, honest, "quote", signed),
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


def test_a_card_entry_pays_for_one_order(ada: Visitor, bo: Visitor, subtests: pytest.Subtests) -> None:
    adas, bos = ada.payment(ada.quote("noon")), bo.payment(bo.quote("noon"))
    second = bo.payment(bo.quote("dusk"))
    assert ada.post(ORDERS, adas).json()["state"] == "paid"
    used = {"Ada's": adas["confirmation_token"]}

    assert_refused(
        subtests, _pay_with(bo, bos, "confirmation_token", used), honest=partial(bo.post, ORDERS, bos)
    )
    used["his own of before"] = bos["confirmation_token"]
    assert_refused(
        subtests, _pay_with(bo, second, "confirmation_token", used), honest=partial(bo.post, ORDERS, second)
    )
    assert Payment.objects.count() == 3


def test_the_same_press_twice_is_one_attempt(bo: Visitor, world: World) -> None:
    """A declined card's answer was lost on its way, and the page's script sent the order once more."""
    order = bo.payment(bo.quote("noon"), card="4000000000009995")

    first, again = bo.post(ORDERS, order).json(), bo.post(ORDERS, order).json()

    assert first["state"] == again["state"] == "refused"
    assert first["sentence"] == again["sentence"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "field, wrong",
    [
        ("confirmation_token", NO_TOKENS),
        ("email", NO_ADDRESSES),
        ("time_zone", {"list": [], "object": {}, "none": None, "too long": "z" * 51, "NUL": "UTC\0"}),
    ],
)
def test_wrong_fields_buy_nothing(
    bo: Visitor, subtests: pytest.Subtests, field: str, wrong: dict[str, Any]
) -> None:
    honest = bo.payment(bo.quote("noon"))

    assert_refused(
        subtests,
        _pay_with(bo, honest, field, wrong),
        honest=partial(bo.post, ORDERS, honest),
        expected={400},
    )


@pytest.mark.parametrize("path", [ORDERS, LINKS, "/api/v1/playback/", "/ko" + ORDERS])
def test_unreadable_bodies_are_refused_by_every_call(
    bo: Visitor, subtests: pytest.Subtests, path: str
) -> None:
    unreadable = {what: partial(bo.post, path, **request) for what, request in UNREADABLE.items()}

    assert_refused(subtests, unreadable, honest=lambda: bo.pay(bo.quote("noon")))


def test_a_call_without_the_page_s_own_token_does_nothing(bo: Visitor, subtests: pytest.Subtests) -> None:
    honest = bo.payment(bo.quote("noon"))
    link = {"email": "bo@example.com", "kind": "videos", "slug": "noon"}
    calls: dict[str, tuple[str, Any]] = {
        "pay": (ORDERS, honest),
        "another card": (f"{ORDERS}{'0' * 32}/another-card/", {}),
        "mail a link": (LINKS, link),
        "play": ("/api/v1/playback/", {"video": "noon"}),
        "renew": ("/api/v1/playback/x/link/", {}),
        "start": ("/api/v1/playback/x/start/", {}),
    }
    foreign = {"headers": {"X-CSRFToken": "x" * 64}}
    sent = {
        f"{what}, {token}": partial(bo.post, path, body, csrf=False, **options)
        for what, (path, body) in calls.items()
        for token, options in {"no token": {}, "a foreign token": foreign}.items()
    }

    assert_refused(subtests, sent, honest=partial(bo.post, ORDERS, honest), expected={403})


def test_a_call_of_another_method_does_nothing(bo: Visitor, subtests: pytest.Subtests) -> None:
    paths = [ORDERS, LINKS, f"{ORDERS}{'0' * 32}/another-card/", "/api/v1/playback/", "/webhooks/stripe/"]
    ask = partial(bo.client.generic, headers={"X-CSRFToken": bo.csrf_token})
    wrong = {
        f"{method} {path}": partial(ask, method, path)
        for path in paths
        for method in ("GET", "PUT", "PATCH", "DELETE", "TRACE")
    }

    assert_refused(subtests, wrong, honest=lambda: bo.pay(bo.quote("noon")), expected={405})


def test_a_checkout_link_goes_to_an_address_for_a_film_that_is_sold(
    bo: Visitor, subtests: pytest.Subtests
) -> None:
    factories.video("hidden", is_published=False)
    honest = {"email": "bo@example.com", "kind": "videos", "slug": "noon"}
    wrong: dict[str, dict[str, Any]] = {
        **{f"address: {what}": {"email": address} for what, address in NO_ADDRESSES.items()},
        "unknown film": {"slug": "nowhere"},
        "unpublished film": {"slug": "hidden"},
        "unknown kind": {"kind": "people"},
        "kind of another type": {"kind": []},
        "a path": {"slug": "../noon"},
        "NUL": {"slug": "noon\0"},
    }

    assert_refused(
        subtests,
        {what: partial(bo.post, LINKS, body=honest | change) for what, change in wrong.items()},
        honest=partial(bo.post, LINKS, honest),
    )


def test_what_left_the_shop_is_not_sold(bo: Visitor, subtests: pytest.Subtests) -> None:
    honest, late = bo.payment(bo.quote("noon")), bo.payment(bo.quote("dusk"))
    Offer.objects.filter(video__slug="dusk").update(is_active=False)

    assert_refused(
        subtests,
        {"withdrawn": partial(bo.post, ORDERS, late)},
        honest=partial(bo.post, ORDERS, honest),
        expected={409},
    )


def test_a_guest_has_to_leave_an_address(bo: Visitor, subtests: pytest.Subtests) -> None:
    honest = bo.payment(bo.quote("noon"))
    without = {name: value for name, value in honest.items() if name != "email"}

    assert_refused(
        subtests,
        {"none given": partial(bo.post, ORDERS, without)},
        honest=partial(bo.post, ORDERS, honest),
        expected={400},
    )


def test_a_quote_survives_a_change_of_the_secret_key(bo: Visitor, settings: Settings) -> None:
    price = Price.objects.get(offer__video__slug="noon", currency="usd")
    now = timezone.now()
    quote = quotes.sign(price, visitor="v", at=now)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert quotes.read(quote, visitor="v", at=now).price_id == price.pk

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(quotes.BadQuote):
        quotes.read(quote, visitor="v", at=now)


def _pay_with(
    who: Visitor, honest: dict[str, Any], field: str, wrong: dict[str, Any]
) -> dict[str, attacks.Send]:
    return {what: partial(who.post, ORDERS, body=honest | {field: value}) for what, value in wrong.items()}


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
