"""What pretends to be Stripe: refused with a line of text, and nothing is kept."""

import hashlib
import hmac
import json
import time
from functools import partial
from typing import Any, Final

import pytest
from pytest_django import Settings

from billing.models import StripeEvent
from tests.attacks import MEGABYTE, Answer, Visitor, assert_refused
from tests.statements import counted

pytestmark = pytest.mark.django_db

HOOK: Final = "/webhooks/stripe/"
SECRET: Final = "whsec_sandbox_tests"  # as settings_test has it
EVENT: Final[dict[str, Any]] = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
    "api_version": "2026-10-28.endive",
    "livemode": False,
    "created": 1767225600,
}
BODY: Final = json.dumps(EVENT).encode()


def signed(body: bytes, *, secret: str = SECRET, age: int = 0, scheme: str = "v1") -> str:
    """Stripe's header, by means of our own."""
    at = int(time.time()) - age
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},{scheme}={mac}"


def deliver(body: bytes = BODY, header: str | None = None, **options: Any) -> Answer:
    """Send as Stripe does, signed well unless a header is given."""
    headers = {"Stripe-Signature": signed(body) if header is None else header}
    return Visitor().client.generic("POST", HOOK, body, headers=headers, **options)


def test_a_signature_that_is_not_stripe_s_lets_nothing_in(subtests: pytest.Subtests) -> None:
    good = signed(BODY)
    mac = good.rpartition("=")[2]
    forged = {
        "none": "",
        "nonsense": "nonsense",
        "no time": f"v1={mac}",
        "no mac": good.partition(",")[0],
        "another secret": signed(BODY, secret="whsec_other"),
        "of other words": signed(BODY + b" "),
        "an older scheme": signed(BODY, scheme="v0"),
        "stale": signed(BODY, age=301),
        "another time": f"t={int(time.time()) - 9},v1={mac}",
        "a time in words": f"t=now,v1={mac}",
        "an endless time": f"t={'9' * 400},v1={mac}",
        "half a mac": good[:-32],
        "a mac of other letters": f"{good.partition(',')[0]},v1=\xe9\xe9",
        "very long": "v1=" + "a" * 60_000,
    }

    assert_refused(
        subtests,
        {what: partial(deliver, BODY, header) for what, header in forged.items()},
        honest=deliver,
        expected={400},
    )


def test_what_is_signed_but_no_event_of_ours_is_not_kept(subtests: pytest.Subtests) -> None:
    bodies: dict[str, Any] = {
        "nothing": b"",
        "not JSON": b"{",
        "not UTF-8": b'{"id": "\xff"}',
        "a list": [],
        "null": None,
        "a number": 5,
        "no id": {name: value for name, value in EVENT.items() if name != "id"},
        "no object": EVENT | {"data": {}},
        "an object of another type": EVENT | {"data": {"object": "pi_1"}},
        "no mode": {name: value for name, value in EVENT.items() if name != "livemode"},
        "real money": EVENT | {"livemode": True},
        "a mode in words": EVENT | {"livemode": "true"},
        "a time in words": EVENT | {"created": "yesterday"},
        "a time out of range": EVENT | {"created": 10**18},
        "a time far out of range": EVENT | {"created": 10**30},
        "id with NUL": EVENT | {"id": "evt_\0"},
        "id with half a surrogate pair": EVENT | {"id": "evt_\ud800"},
        "type with NUL": EVENT | {"type": "a\0"},
        "object with NUL": EVENT | {"data": {"object": {"id": "pi_\0"}}},
        "nested too deep": b"[" * 100_000,
        "a megabyte": EVENT | {"padding": "x" * MEGABYTE},
    }

    assert_refused(
        subtests,
        {
            what: partial(deliver, body if isinstance(body, bytes) else json.dumps(body).encode())
            for what, body in bodies.items()
        },
        honest=deliver,
    )
    assert StripeEvent.objects.count() == 1


def test_what_is_no_delivery_is_refused(subtests: pytest.Subtests) -> None:
    ask = partial(Visitor().client.generic, data=BODY, headers={"Stripe-Signature": signed(BODY)})

    assert_refused(
        subtests,
        {
            "a GET": partial(ask, "GET", HOOK),
            "a PUT": partial(ask, "PUT", HOOK),
            "of an odd charset": partial(deliver, content_type="application/json; charset=zlib"),
            "another provider": partial(ask, "POST", "/webhooks/other/"),
            "an address with NUL": partial(ask, "POST", f"{HOOK}%00"),
        },
        honest=deliver,
    )


@pytest.mark.parametrize("live, mode, status", [(True, True, 200), (True, False, 400), (False, True, 400)])
def test_play_money_and_real_money_never_meet(
    settings: Settings, live: bool, mode: bool, status: int
) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_1" if live else "sk_test_1"

    assert deliver(json.dumps(EVENT | {"livemode": mode}).encode()).status_code == status
    assert StripeEvent.objects.count() == (status == 200)


def test_the_same_event_again_is_success(subtests: pytest.Subtests) -> None:
    assert deliver().status_code == 200

    assert deliver(json.dumps(EVENT | {"type": "payment_intent.canceled"}).encode()).status_code == 200

    assert StripeEvent.objects.get().type == "payment_intent.succeeded"


def test_a_delivery_asks_little_of_the_database() -> None:
    with counted() as new:
        deliver()
    with counted() as again:
        deliver()

    assert (len(new), len(new.writes)) == (1, 1)
    assert len(again) <= 3
