"""Attacks on films that have left: played, sold and called off all the same; given back more than once."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from billing.leaving import giving_back
from billing.models import Order, Payment, Refund
from billing.refunding import refund_outcomes, refunds
from billing.stripe import stripe_refunds
from tests import factories, office, promises
from tests.concurrency.racing import overtaken
from tests.concurrency.stage import Stage
from tests.screens import Screen, screens
from videos.admin.catalogue import VideoAdmin
from videos.models import TakeDown
from videos.publishing import taking_down


def leave(stage: Stage) -> TakeDown:
    """The film leaves its owners too; it was asked for an hour ago."""
    now = timezone.now()
    return taking_down.take_down(
        stage.film,
        leaves_at=now,
        cause="law",
        owners="lose",
        reason="A letter.",
        at=now - timedelta(hours=1),
    )


def a_worker_comes_late(stage: Stage) -> None:
    """While he holds the order another gave it back, and the bank sent the money back."""
    Order.objects.get(reference=stage.stranger().buy("noon")["order"])
    Order.objects.update(created_at=timezone.now() - timedelta(hours=2))
    Payment.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    leave(stage)
    at = timezone.now()

    def faster() -> int:
        given = giving_back.sweep(at=at)
        refund = Refund.objects.get()
        told = stripe_refunds.retrieve(refund.refund_id or "")
        refund_outcomes.note(refund, replace(told, state="failed"), at=at)
        return given

    overtaken(lambda: giving_back.sweep(at=at), faster, owner=refunds, name="write")

    count = Refund.objects.count()
    promises.keep(count == 1, f"one order was given back {count} times")


def a_player_asks_on(stage: Stage) -> None:
    screen = _playing(stage)
    leave(stage)

    promises.keep(screen.asks() == "no", "a film that has left was let play")


def a_page_plays_on(stage: Stage) -> None:
    screen = _playing(stage)
    leave(stage)

    promises.refused(screen.beat(), 404)


def an_owner_presses_play(stage: Stage) -> None:
    screen = _playing(stage)
    leave(stage)

    promises.refused(screen.open(), 404)


def an_old_quote_is_paid(stage: Stage) -> None:
    ada = stage.stranger()
    quote = ada.quote("noon")
    leave(stage)

    promises.refused(ada.pay(quote), 409)


def it_is_called_off_once_it_has_left(stage: Stage) -> None:
    taken = leave(stage)

    with suppress(taking_down.HasLeft):
        taking_down.call_off(taken, at=timezone.now())

    stage.film.refresh_from_db()
    promises.keep(stage.film.watched_until is not None, "a film came back whose money goes back")


def its_page_is_saved_meanwhile(stage: Stage) -> None:
    cho = User.objects.create_superuser("cho@example.com")
    browser = office.signed_in(cho)

    overtaken(
        lambda: office.change(browser, stage.film, may_be_kept=""),
        lambda: str(leave(stage)),
        owner=VideoAdmin,
        name="save_model",
    )

    stage.film.refresh_from_db()
    promises.keep(stage.film.watched_until is not None, "a film came back by a page that was open")


def _playing(stage: Stage) -> Screen:
    ada = User.objects.create_user("ada@example.com", None, name="Ada")
    factories.gift(stage.film, ada)
    (screen,) = screens(stage, ada, 1)
    screen.open()
    screen.beat()
    return screen
