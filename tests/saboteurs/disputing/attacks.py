"""Attacks on disputes: news that come late or twice, and a buyer who has his money and wants the film too."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.utils import timezone

from accounts.models import User
from billing.disputing import answers, dispute_outcomes, fraud_warnings
from billing.models import Dispute, DisputeAnswer, FraudWarning, Order, Payment, Refund
from billing.refunding import refunds
from billing.stripe import stripe_disputes, stripe_warnings
from billing.stripe.stripe_disputes import Disputed
from tests import office, promises
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


def two_colleagues_answer_at_once(stage: Stage) -> None:
    dispute, _told = _disputed(stage)
    cho = User.objects.create_user("cho@example.com", is_staff=True)

    def send() -> bool:
        try:
            answers.send(dispute, _reply(cho), at=timezone.now())
        except answers.NotAnswerable:
            return False
        return True

    with meeting(answers, "is_possible", after=True):
        sent = all_at_once(send, send)

    promises.keep(sum(sent) == 1, f"{sum(sent)} answers were sent")


def one_answer_is_sent_twice(stage: Stage) -> None:
    """Stripe's word is lost, and it is asked once more before anybody looked."""
    _answer_is_lost(stage)
    answer = DisputeAnswer.objects.get()

    answers._carry_out(answer, at=timezone.now())

    promises.keep(answer.state == "delivered", f"the bank has an answer that is {answer.state} here")


def the_word_on_an_answer_is_lost(stage: Stage) -> None:
    _answer_is_lost(stage)

    answers.sweep(at=later(120))

    promises.keep(DisputeAnswer.objects.get().state == "delivered", "nobody found out about an answer")


def a_bank_that_has_decided_is_answered(stage: Stage) -> None:
    dispute, told = _disputed(stage)
    stage.world.lose_dispute(told.id)
    dispute_outcomes.hear(stripe_disputes.retrieve(told.id), at=timezone.now())
    cho = User.objects.create_user("cho@example.com", "a quiet matinee", is_staff=True)

    with suppress(answers.NotAnswerable):
        answers.send(dispute, _reply(cho), at=timezone.now())

    promises.keep(not DisputeAnswer.objects.exists(), "a bank was answered that waits for nothing")


def a_colleague_without_the_right_answers(stage: Stage) -> None:
    dispute, _told = _disputed(stage)
    browser = office.signed_in(User.objects.create_user("bo@example.com"), "billing.view_dispute")

    office.act(browser, "accept", dispute, note="for a friend", is_sure="on")

    promises.keep(not DisputeAnswer.objects.exists(), "a bank was answered without the right to")


def two_workers_hear_of_one_warning(stage: Stage) -> None:
    stage.world.faults(webhooks={"pause": True})
    stage.stranger().buy(stage.film.slug)
    charge_id = Payment.objects.get().charge_id
    told = stripe_warnings.retrieve(stage.world.warn_of_fraud(charge_id)["id"])

    with meeting(FraudWarning, "save"):  # both have looked for it by then
        all_at_once(*[partial(fraud_warnings.hear, told, at=timezone.now())] * 2)

    promises.keep(FraudWarning.objects.count() == 1, "one warning was noted twice")


def a_card_is_blocked_by_nobodys_word(stage: Stage) -> None:
    """Staff send the form of an order that no bank warned of, with a warning's reason."""
    stage.world.faults(webhooks={"pause": True})
    stage.stranger().buy(stage.film.slug)
    cho = User.objects.create_user("cho@example.com", "a quiet matinee", is_staff=True, is_superuser=True)
    browser = office.signed_in(cho)

    form = {"amount": "7.90", "reason": "fraudulent", "note": "He looked odd.", "after": "0"}
    office.act(browser, "refund", Order.objects.get(), **form)

    promises.keep(not Refund.objects.exists(), "a card was called fraudulent without a warning")


def _answer_is_lost(stage: Stage) -> None:
    """Evidence arrives at the bank, and the line is cut before Stripe says so."""
    dispute, _told = _disputed(stage)
    call = "POST /v1/disputes/{dispute}"
    stage.world.faults(
        stripe={"fail_next": [{"call": call, "times": 1, "how": "drop_after"}]}, webhooks={"pause": True}
    )
    cho = User.objects.create_user("cho@example.com", "a quiet matinee", is_staff=True)
    answers.send(dispute, _reply(cho), at=timezone.now())


def _reply(person: User) -> answers.Reply:
    evidence = {"access_activity_log": "Watched 40 minutes."}
    return answers.Reply(
        kind=DisputeAnswer.Kind.EVIDENCE, evidence=evidence, note="He watched it.", asked_by_id=person.pk
    )


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
