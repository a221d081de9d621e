"""Attacks on disputes: news that come late or twice, and a buyer who has his money and wants the film too."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.utils import timezone

from billing.disputing import dispute_outcomes
from billing.models import Dispute, Order, Refund
from billing.refunding import refunds
from billing.stripe import stripe_disputes
from billing.stripe.stripe_disputes import Disputed
from tests import promises
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once, meeting, overtaken
from tests.concurrency.stage import Stage
from tests.refunding import later, wish


def old_news_of_a_dispute_come_late(stage: Stage) -> None:
    """What was read before the bank decided arrives after it."""
    dispute, told = _disputed(stage)
    stage.world.lose_dispute(told.id)
    dispute_outcomes.hear(stripe_disputes.retrieve(told.id), at=timezone.now())
    before = promises.everything()

    promises.undisturbed(lambda: dispute_outcomes.note(dispute, told, at=timezone.now()))

    promises.unchanged(before)


def a_verdict_overtakes_other_news(stage: Stage) -> None:
    """One worker is about to note that the bank reads the answer while another notes that it decided."""
    _dispute, told = _disputed(stage)
    one, other = Dispute.objects.get(), Dispute.objects.get()
    read, lost = replace(told, state="under_review"), replace(told, state="lost")

    overtaken(
        partial(dispute_outcomes.note, one, read, at=timezone.now()),
        partial(dispute_outcomes.note, other, lost, at=timezone.now()),
        owner=dispute_outcomes,
        name="_move",
    )

    state = Dispute.objects.get().state
    promises.keep(state == "lost", f"a lost dispute is {state} again")


def two_workers_look_at_one_dispute(stage: Stage) -> None:
    _disputed(stage)
    before = _looks(stage)

    with meeting(dispute_outcomes, "_claim"):
        all_at_once(*[partial(dispute_outcomes.sweep, at=later(3700))] * 2)

    promises.keep(_looks(stage) == before + 1, "Stripe was asked twice about one dispute")


def the_events_of_a_verdict_are_lost(stage: Stage) -> None:
    _dispute, told = _disputed(stage)
    stage.world.win_dispute(told.id)

    dispute_outcomes.sweep(at=later(3700))

    promises.keep(Dispute.objects.get().state == "won", "nobody found out about a verdict")


def a_disputed_payment_is_given_back(stage: Stage) -> None:
    """Staff had the form open when the bank took the money."""
    _disputed(stage)
    with suppress(refunds.Disputed):
        refunds.ask(Order.objects.get(), wish(790, after_minor=0), at=timezone.now())

    promises.keep(not Refund.objects.exists(), "money was to go back twice")


def a_buyer_with_his_money_back_plays(stage: Stage) -> None:
    ada = stage.stranger()
    _disputed(stage, ada)

    promises.refused(ada.watch(stage.film.slug), 404)


def _disputed(stage: Stage, buyer: Buyer | None = None) -> tuple[Dispute, Disputed]:
    """A sold film whose payment is disputed, as the shop knows it and as it was told. No more events come."""
    stage.world.faults(webhooks={"pause": True})
    bought = (buyer or stage.stranger()).buy(stage.film.slug)
    order = Order.objects.get(reference=bought["order"])
    made = stage.world.dispute(order.payments.get().charge_id)
    told = stripe_disputes.retrieve(made["id"])
    dispute_outcomes.hear(told, at=timezone.now())
    return Dispute.objects.get(), told


def _looks(stage: Stage) -> int:
    requests = stage.world.report()["requests"]
    return sum(each["method"] == "GET" and "/v1/disputes/" in each["path"] for each in requests)
