"""What is forged, foreign or unreadable at the till is refused in words, and nothing has changed."""

from functools import partial
from typing import Any, Final

import pytest

from billing.models import Payment
from tests import attacks, factories
from tests.attacks import Visitor, assert_refused
from tests.billing.till import ORDERS, pay_with
from tests.sandbox_client import World
from videos.models import Offer

pytestmark = pytest.mark.django_db

LINKS: Final = "/api/v1/checkout-links/"
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


def test_a_card_entry_pays_for_one_order(ada: Visitor, bo: Visitor, subtests: pytest.Subtests) -> None:
    adas, bos = ada.payment(ada.quote("noon")), bo.payment(bo.quote("noon"))
    second = bo.payment(bo.quote("dusk"))
    assert ada.post(ORDERS, adas).json()["state"] == "paid"
    used = {"Ada's": adas["confirmation_token"]}

    assert_refused(
        subtests, pay_with(bo, bos, "confirmation_token", used), honest=partial(bo.post, ORDERS, bos)
    )
    used["his own of before"] = bos["confirmation_token"]
    assert_refused(
        subtests, pay_with(bo, second, "confirmation_token", used), honest=partial(bo.post, ORDERS, second)
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
        pay_with(bo, honest, field, wrong),
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
