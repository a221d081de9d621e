"""Attacks from outside: what is forged, changed, stale or another's leaves every table as it was."""

import json

from django.contrib.sessions.models import Session
from django.core import signing
from django.utils import timezone

from billing.buying import quotes
from tests import promises
from tests.buyer import Buyer
from tests.concurrency.stage import ALWAYS_ASKS, Stage
from videos import pricing


def a_webhook_is_forged(stage: Stage) -> None:
    stage.open_order()
    before = promises.everything()

    answer = stage.deliver(stage.event("payment_intent.created"), secret="whsec_guessed")

    promises.refused(answer, 400)
    promises.unchanged(before)


def a_webhook_is_replayed(stage: Stage) -> None:
    """A delivery that was recorded an hour ago; its signature is good."""
    stage.open_order()
    before = promises.everything()

    answer = stage.deliver(stage.event("payment_intent.created"), age_seconds=3600)

    promises.refused(answer, 400)
    promises.unchanged(before)


def a_webhook_is_of_the_other_mode(stage: Stage) -> None:
    stage.open_order()
    event = json.loads(stage.event("payment_intent.created")) | {"livemode": True}
    before = promises.everything()

    promises.refused(stage.deliver(json.dumps(event).encode()), 400)
    promises.unchanged(before)


def a_quote_is_changed(stage: Stage) -> None:
    """The buyer puts last year's lower price into his quote."""
    bo = stage.stranger()
    old = stage.offer.prices.get(currency="usd")
    pricing.change(stage.offer, currency="usd", amount_minor=1990, at=timezone.now())
    payload, _, rest = bo.quote("noon").partition(":")
    claims = json.loads(signing.b64_decode(payload.encode())) | {"price": old.pk, "amount": 790}
    changed = signing.b64_encode(json.dumps(claims).encode()).decode() + ":" + rest

    _sells_nothing(bo, changed, 400)


def a_quote_is_anothers(stage: Stage) -> None:
    bo = stage.stranger()
    bo.panel("noon")

    _sells_nothing(bo, stage.stranger().quote("noon"), 409)


def a_quote_is_stale(stage: Stage) -> None:
    bo = stage.stranger()
    bo.panel("noon")
    visitor = _visitor(bo)
    price = stage.offer.prices.get(currency="usd")
    stale = quotes.sign(price, visitor=visitor, at=timezone.now() - quotes.LIFETIME)

    _sells_nothing(bo, stale, 409)


def another_site_presses_pay(stage: Stage) -> None:
    """The request carries the buyer's cookies and not the token that only our pages know."""
    ada = stage.stranger()
    quote = ada.quote("noon")
    body = {"quote": quote, "confirmation_token": "ctoken_x", "email": "ada@example.com", "time_zone": "UTC"}
    before = promises.everything()

    promises.refused(ada.http.post(f"{ada.url}/api/v1/orders/", json=body, timeout=20), 403)
    promises.unchanged(before)


def a_stranger_reads_an_order(stage: Stage) -> None:
    """Bo knows the reference of Ada's order."""
    asked = stage.stranger().buy("noon", card=ALWAYS_ASKS)
    bo = stage.stranger()
    bo.panel("noon")
    stage.world.settle()
    before = promises.everything()

    promises.refused(bo.http.get(f"{bo.url}/api/v1/orders/{asked['order']}/", timeout=20), 404)
    promises.refused(bo.http.get(f"{bo.url}/orders/{asked['order']}/", timeout=20), 404)
    promises.refused(bo.post(f"/api/v1/orders/{asked['order']}/another-card/", {}), 404)
    promises.unchanged(before)


def _sells_nothing(buyer: Buyer, quote: str, status: int) -> None:
    before = promises.everything()

    promises.refused(buyer.pay(quote), status)
    promises.unchanged(before)
    promises.sold(buyer.world, times=0)


def _visitor(buyer: Buyer) -> str:
    session = Session.objects.get(session_key=buyer.http.cookies["sessionid"])
    return str(session.get_decoded()["visitor"])
