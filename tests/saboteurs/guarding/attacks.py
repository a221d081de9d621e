"""Attacks while it is hot: nobody tries a card, takes for nothing or sends mails without doing his work."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

from accounts.models import Mail
from billing.guarding import heat, velocity, work
from billing.models import Coupon, Order, Payment
from tests import promises, working
from tests.buyer import Buyer
from tests.concurrency.stage import DECLINED, Stage


def a_card_is_tried_without_work(stage: Stage) -> None:
    _make_hot(velocity.SHOP)
    thief = stage.stranger()

    _sends_nothing(stage, thief, thief.quote("noon"))


def many_cards_are_tried_with_one_work(stage: Stage) -> None:
    """The work for one attempt on the order is done, and sent along with the next card too."""
    _make_hot(velocity.SHOP)
    thief = stage.stranger()
    quote = thief.quote("noon")
    once = working.done(thief.press(quote, card=DECLINED).json()["task"])
    assert thief.press(quote, card=DECLINED, **once).json()["state"] == "refused"

    _sends_nothing(stage, thief, quote, **once)


def work_is_made_up(stage: Stage) -> None:
    """A task of no parts, signed by somebody else."""
    thief, quote, claims = _hot_quote(stage)

    token = signing.dumps(claims | {"parts": 0}, key="k" * 50, salt=work._SALT)

    _sends_nothing(stage, thief, quote, work_token=token, work_numbers=[])


def numbers_are_guessed(stage: Stage) -> None:
    _make_hot(velocity.SHOP)
    thief = stage.stranger()
    quote = thief.quote("noon")
    task = thief.press(quote, card=DECLINED).json()["task"]

    _sends_nothing(stage, thief, quote, work_token=task["token"], work_numbers=[7] * task["parts"])


def work_was_done_in_advance(stage: Stage) -> None:
    thief, quote, claims = _hot_quote(stage)
    ago = timezone.now() - timedelta(minutes=6)
    old = work.task(nonce=claims["nonce"], attempt=1, excess=2, at=ago)
    done = working.done({"token": old.token, "parts": old.parts, "bits": old.bits})

    _sends_nothing(stage, thief, quote, **done)


def films_are_taken_for_nothing(stage: Stage) -> None:
    Coupon.objects.create(code="FREE", percent=100, uses_per_buyer=None)
    _make_hot("free")
    thief = stage.stranger()

    answer = thief.post(
        "/api/v1/orders/", {"quote": thief.quote("noon", coupon="FREE"), "email": "bot@example.com"}
    )

    promises.refused(answer, 429)
    promises.keep(not Order.objects.exists() and not Mail.objects.exists(), "a film was taken")


def mails_are_sent_to_everybody(stage: Stage) -> None:
    _make_hot("link")
    thief = stage.stranger()
    thief.panel("noon")

    answer = thief.post(
        "/api/v1/checkout-links/", {"email": "victim@example.com", "kind": "videos", "slug": "noon"}
    )

    promises.refused(answer, 429)
    promises.keep(not Mail.objects.exists(), "a mail was sent")


def _make_hot(key: str) -> None:
    heat.add([key], 60, at=timezone.now())


def _hot_quote(stage: Stage) -> tuple[Buyer, str, dict[str, Any]]:
    """What a task for the thief's first attempt would say."""
    _make_hot(velocity.SHOP)
    thief = stage.stranger()
    quote = thief.quote("noon")
    nonce = signing.loads(quote, salt="billing.quotes")["nonce"]
    until = int((timezone.now() + timedelta(minutes=5)).timestamp())
    return thief, quote, {"nonce": nonce, "attempt": 1, "until": until}


def _sends_nothing(stage: Stage, thief: Buyer, quote: str, **given: Any) -> None:
    before = Payment.objects.count(), len(stage.world.objects("charge"))

    promises.refused(thief.press(quote, card=DECLINED, **given), 429)

    after = Payment.objects.count(), len(stage.world.objects("charge"))
    promises.keep(after == before, "a card was tried")
