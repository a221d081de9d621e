"""What a purchase costs: the statements of each step, and how often Stripe is asked in it.

Pay is a whole sale in one call: beside the checkout's own statements stand those of settling and of opening
the film, which are the webhook's and the player's too.
"""

import json
from collections.abc import Callable, Iterator

import requests

from tests.bench.figures import Figure, at_most, told
from tests.bench.sql_count import ASKED_BY, OWN, SHARED_IN
from tests.bench.stage import Stage
from tests.buyer import Buyer

_FILM = "noon-everywhere"
_ALWAYS_ASKS, _DECLINED = "4000002760003184", "4000000000000002"
# Pay creates and confirms in one call; an open challenge is asked about once.
_CALLS_TO_STRIPE = {"pay": 1, "pay, declined": 1, "pay, with a challenge": 1, "status of a challenge": 1}


def measure(stage: Stage) -> Iterator[Figure]:
    for step, act in _steps(stage):
        before = len(stage.world.report()["requests"])
        answer = act()
        if answer.status_code >= 500:
            raise RuntimeError(f"{step}: {answer.status_code} {answer.text[:300]}")
        asked = len(stage.world.report()["requests"]) - before
        shares = json.loads(answer.headers[SHARED_IN])
        yield at_most(f"checkout, {step}: SQL of its own", shares.pop(OWN), 10, "statements")
        for verb, statements in shares.items():
            yield told(f"checkout, {step}: SQL of {verb}", statements, "statements")
        yield at_most(f"checkout, {step}: calls to Stripe", asked, _CALLS_TO_STRIPE.get(step, 0), "calls")


def _steps(stage: Stage) -> Iterator[tuple[str, Callable[[], requests.Response]]]:
    guest, other = _buyer(stage), _buyer(stage)
    panel = f"{stage.url}/checkout/videos/{_FILM}/panel/"
    yield "panel of a stranger", lambda: guest.http.get(panel)
    yield "panel again", lambda: guest.http.get(panel)
    yield "pay, declined", lambda: guest.pay(guest.quote(_FILM), card=_DECLINED)
    yield "pay", lambda: other.pay(other.quote(_FILM))
    yield "status", lambda: _status(other, _paid(stage))
    yield "playback", lambda: other.watch(_FILM)
    asked = _buyer(stage)
    yield "pay, with a challenge", lambda: asked.pay(asked.quote(_FILM), card=_ALWAYS_ASKS)
    yield "status of a challenge", lambda: _status(asked, _paid(stage))


def _buyer(stage: Stage) -> Buyer:
    buyer = Buyer(stage.url, stage.world)
    buyer.http.headers[ASKED_BY] = "1"
    return buyer


def _status(buyer: Buyer, reference: str) -> requests.Response:
    return buyer.http.get(f"{buyer.url}/api/v1/orders/{reference}/")


def _paid(stage: Stage) -> str:
    """The order whose intent was made last."""
    return str(stage.world.objects("payment_intent")[-1]["metadata"]["order"])
