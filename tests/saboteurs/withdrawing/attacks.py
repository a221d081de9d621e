"""Attacks on withdrawing: one link pressed by two, and one that is too old."""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from billing.models import Withdrawal
from billing.withdrawing import withdrawals
from tests import promises
from tests.concurrency.stage import Stage
from videos.models import Video


def one_link_is_pressed_twice(stage: Stage) -> None:
    """Two tabs were opened before either was pressed."""
    wish, now = _linked(stage), timezone.now()
    withdrawals.withdraw(wish, shown_minor=_shown(wish), at=now)
    again, received = Withdrawal.objects.get(), Withdrawal.objects.get().withdrawn_at

    with suppress(withdrawals.LinkUsed):
        withdrawals.withdraw(again, shown_minor=0, at=now + timedelta(minutes=1))

    promises.keep(Withdrawal.objects.get().withdrawn_at == received, "it was received a second time")


def an_old_link_is_pressed(stage: Stage) -> None:
    wish = _linked(stage)

    with suppress(withdrawals.LinkUsed):
        withdrawals.withdraw(wish, shown_minor=_shown(wish), at=timezone.now() + timedelta(hours=25))

    promises.keep(Withdrawal.objects.get().withdrawn_at is None, "an old link withdrew")


def _linked(stage: Stage) -> Withdrawal:
    Video.objects.update(duration_seconds=7200)  # a short one is watched while a slow machine asks
    stage.world.faults(webhooks={"pause": True})
    reference = stage.stranger().buy("noon")["order"]
    now = timezone.now()
    withdrawals.ask(reference=reference, email="ada@example.com", language="en", at=now)
    withdrawals.answer_waiting(at=now)
    return Withdrawal.objects.get()


def _shown(wish: Withdrawal) -> int:
    assert wish.order
    return withdrawals.prospect(wish.order, at=timezone.now()).amount_minor
