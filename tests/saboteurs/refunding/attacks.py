"""Attacks on giving money back: one decision carried out twice; news that come twice, late, or wrong."""

from dataclasses import replace
from functools import partial

from django.utils import timezone

from accounts.models import User
from billing import tasks
from billing.models import Order, Refund
from billing.models.receipts import ReceiptCounterManager
from billing.refunding import access, refund_outcomes, refunds
from billing.stripe import stripe_refunds
from billing.stripe.stripe_refunds import GivenBack
from tests import office, promises
from tests.concurrency.racing import all_at_once, meeting, overtaken
from tests.concurrency.stage import Stage
from tests.refunding import give_back, later, wish
from videos.models import Entitlement, Video


def one_decision_is_carried_out_twice(stage: Stage) -> None:
    """Two forms that were opened before anything had gone back."""
    order = _sold(stage)
    for _ in range(2):
        try:
            refunds.ask(Order.objects.get(), wish(300, after_minor=0), at=timezone.now())
        except refunds.NotLeft:
            continue

    back = sum(told["amount"] for told in stage.world.objects("refund"))
    promises.keep(back == 300, f"{back} went back on a decision of 300")
    promises.keep(order.refunds.count() == 1, "one decision made two refunds")


def one_refund_is_asked_twice(stage: Stage) -> None:
    """The answer is lost, and Stripe is asked once more before anybody looked."""
    stage.world.faults(stripe={"fail_next": [{"call": "POST /v1/refunds", "times": 1, "how": "drop_after"}]})
    refund = give_back(_sold(stage), 300)

    refunds.carry_out(refund, at=timezone.now())

    count = len(stage.world.objects("refund"))
    promises.keep(count == 1, f"Stripe gave back {count} times")


def one_failure_is_told_twice(stage: Stage) -> None:
    """Webhook and sweep bring the same failure at once."""
    refund = give_back(_sold(stage))
    failed = replace(_told(refund), state="failed", failed_because="lost_or_stolen_card")
    note = partial(refund_outcomes.note, told=failed, at=timezone.now())

    with meeting(refund_outcomes, "_move"):
        all_at_once(*[partial(note, each) for each in (Refund.objects.get(), Refund.objects.get())])

    promises.keep(Order.objects.get().refunded_minor == 0, "a failed refund was let go of twice")


def old_news_of_a_refund_come_late(stage: Stage) -> None:
    """The first answer, in which it had succeeded, arrives after it failed."""
    refund = give_back(_sold(stage))
    told = _told(refund)
    refund_outcomes.note(refund, replace(told, state="failed"), at=timezone.now())
    before = promises.everything()

    promises.undisturbed(lambda: refund_outcomes.note(refund, told, at=timezone.now()))

    promises.unchanged(before)


def news_are_of_another_refund(stage: Stage) -> None:
    refund = give_back(_sold(stage), 300)
    before = promises.everything()

    refund_outcomes.note(refund, replace(_told(refund), state="failed", amount_minor=1), at=timezone.now())

    promises.unchanged(before)


def two_workers_look_at_one_refund(stage: Stage) -> None:
    give_back(_sold(stage))
    before = _looks(stage)
    at = later(120)

    with meeting(refund_outcomes, "put_off"):
        all_at_once(*[partial(refunds.sweep, at=at)] * 2)

    promises.keep(_looks(stage) == before + 1, "Stripe was asked twice about one refund")


def the_answer_to_a_refund_is_lost(stage: Stage) -> None:
    """Given back, then silence: the line was cut and the webhook dropped."""
    stage.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/refunds", "times": 1, "how": "drop_after"}]},
        webhooks={"pause": True},
    )
    give_back(_sold(stage))

    refunds.sweep(at=later(120))

    promises.keep(Refund.objects.get().state == "succeeded", "nobody found out about a refund")


def a_part_succeeds_while_another_fails(stage: Stage) -> None:
    """All went back in two parts; one of them fails while the other is heard of."""
    order = _sold(stage)
    stage.world.faults(stripe={"refunds": "stays pending"})
    first, second = give_back(order, 400), give_back(order, 390)
    now = timezone.now()
    succeeded, failed = replace(_told(first), state="succeeded"), replace(_told(second), state="failed")

    overtaken(
        partial(refund_outcomes.note, first, succeeded, at=now),
        partial(refund_outcomes.note, second, failed, at=now),
        owner=access,
        name="is_ended",
        after=True,
    )

    promises.keep(Entitlement.objects.get().revoked_at is None, "a film that is half paid for is gone")


def a_right_that_staff_took_comes_back(stage: Stage) -> None:
    order = _sold(stage)
    Entitlement.objects.update(revoked_at=timezone.now(), revoked_because="shared it")
    refund = give_back(order)

    refund_outcomes.note(refund, replace(_told(refund), state="failed"), at=timezone.now())

    promises.keep(Entitlement.objects.get().revoked_at is not None, "a right came back that staff had taken")


def a_press_asks_for_less_than_it_gives(stage: Stage) -> None:
    """The page was opened when other rules, or another sum, held."""
    Video.objects.update(duration_seconds=7200)  # a short one is watched while a slow machine asks
    ada = stage.stranger()
    asked = ada.buy("noon")

    answer = ada.post(f"/api/v1/orders/{asked['order']}/refunds/", {"reason": "changed_mind", "shown": 100})

    promises.refused(answer, 409)
    promises.keep(not Refund.objects.exists(), "something else went back than was shown")


def a_stranger_asks_for_a_refund(stage: Stage) -> None:
    """Bo knows the reference of Ada's order."""
    asked = stage.stranger().buy("noon")
    bo = stage.stranger()
    bo.panel("noon")
    stage.world.settle()
    before = promises.everything()

    body = {"reason": "changed_mind", "shown": 790}
    promises.refused(bo.post(f"/api/v1/orders/{asked['order']}/refunds/", body), 404)
    promises.unchanged(before)


def a_colleague_without_the_right_gives_money_back(stage: Stage) -> None:
    order = _sold(stage)
    browser = office.signed_in(User.objects.create_user("bo@example.com"), "billing.view_order")

    form = {"amount": "7.90", "reason": "other", "note": "for a friend", "after": "0"}
    office.act(browser, "refund", order, **form)

    promises.keep(not Refund.objects.exists(), "money went back without the right to give it")


def a_renter_buys_the_film(stage: Stage) -> None:
    """A guest rents it, likes it and buys it: he paid for two things."""
    for kind in ("rent", "own"):
        guest = stage.stranger()
        guest.pay(guest.quote(stage.film.slug, offer=kind))

    tasks.sweep()

    promises.keep(not Refund.objects.exists(), "what was not bought twice was given back")


def two_workers_find_one_refund_of_stripes(stage: Stage) -> None:
    """Somebody gives a part back in Stripe's dashboard, which sends two events about it."""
    order = _sold(stage)
    stage.world.faults(webhooks={"pause": True})
    made = stage.world.api("POST", "refunds", payment_intent=order.intent_id, amount=300)
    told = stripe_refunds.retrieve(made["id"])

    with meeting(Order, "reserve_refund"):
        said = all_at_once(*[partial(refund_outcomes.hear, told, at=timezone.now())] * 2)

    promises.keep(said == ["succeeded"] * 2, f"the two workers say {', '.join(said)}")
    promises.keep(Refund.objects.count() == 1, "one refund was taken over twice")


def a_refund_comes_back_unheard(stage: Stage) -> None:
    """The bank does not want it, nobody tells us, and somebody gives all back again in Stripe's dashboard."""
    order = _sold(stage)
    stage.world.fail_refund(give_back(order).refund_id or "")
    made = stage.world.api("POST", "refunds", payment_intent=order.intent_id, amount=order.total_minor)

    said = refund_outcomes.hear(stripe_refunds.retrieve(made["id"]), at=timezone.now())

    promises.keep(said == "succeeded", f"what went back is not noted: {said}")


def _sold(stage: Stage) -> Order:
    stage.world.faults(webhooks={"pause": True})
    return Order.objects.get(reference=stage.stranger().buy(stage.film.slug)["order"])


def _told(refund: Refund) -> GivenBack:
    return stripe_refunds.retrieve(refund.refund_id or "")


def _looks(stage: Stage) -> int:
    requests = stage.world.report()["requests"]
    return sum(each["method"] == "GET" and "/v1/refunds" in each["path"] for each in requests)


def a_refund_succeeds_after_a_while(stage: Stage) -> None:
    """It is on its way first, and got its credit note by that."""
    refund = give_back(_sold(stage), 300)
    told = _told(refund)
    Refund.objects.update(state="pending", succeeded_at=None)

    refund_outcomes.note(refund, replace(told, state="succeeded"), at=timezone.now())

    promises.credit_notes_run_on()


def two_refunds_want_a_credit_note(stage: Stage) -> None:
    """The second refund comes while the first has its number and has not ended."""
    give = [partial(give_back, _sold(stage)) for _ in range(2)]

    overtaken(*give, owner=ReceiptCounterManager, name="next_credit_note", after=True)

    promises.credit_notes_run_on()
