"""The whole life of money: what must be true once all is quiet, judged by Stripe's own records.

An order's money is gone when as much as it took has been given back or is on its way, when a part went back
for which the film was given up, or while a bank holds the money or has given it back for good. Then:

    what was bought                       it opens the film
    a film, whole price or by coupon      while its money is not gone
    a film, all of it by coupon           always: nothing can go back
    a rental                              while its money is not gone, until the day by which to start it
    a membership                          while the money of its last paid period is not gone, until the end
                                          of that period; and for the days of grace beyond it while Stripe may
                                          still renew it, but not beyond the day on which Stripe gave it up

A refund that the bank sends back, and a dispute that is won, bring the film back. No period after one whose
money is gone is charged.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from billing.books import ledger
from billing.models import Dispute, DisputeAnswer, Membership, Order, Payment, Refund, StripeEvent
from tests.buyer import Buyer
from tests.promises import receipts_run_on
from tests.sandbox_client import World
from tests.schedules.long_stage import KINDS, LongStage

Json = dict[str, Any]
_RETURNED: Final = ("pending", "succeeded")
_HELD: Final = ("needs_response", "under_review", "lost")
# What nobody looks for by himself but the hourly comparison, where its event was lost.
_ONLY_BY_COMPARISON: Final = ("is not noted here", "is not noted as it is", "not kept here")


@dataclass(frozen=True)
class Records:
    """What Stripe knows."""

    objects: dict[str, list[Json]]

    def of(self, kind: str, **facts: object) -> list[Json]:
        return [
            each
            for each in self.objects.get(kind, [])
            if all(each[name] == value for name, value in facts.items())
        ]

    def returned_minor(self, intent_id: str | None) -> int:
        """What of a payment went back, or is on its way."""
        refunds = self.of("refund", payment_intent=intent_id)
        return sum(each["amount"] for each in refunds if each["status"] in _RETURNED)

    def is_gone(self, order: Order) -> bool:
        """Whether the money of a paid order is gone."""
        if order.is_free:
            return False
        live = [
            each["id"]
            for each in self.of("refund", payment_intent=order.intent_id)
            if each["status"] in _RETURNED
        ]
        disputes = self.of("dispute", payment_intent=order.intent_id)
        return (
            self.returned_minor(order.intent_id) == order.total_minor
            or Refund.objects.filter(refund_id__in=live, ends_access=True).exists()
            or any(each["status"] in _HELD for each in disputes)
        )


def records(world: World) -> Records:
    """This will read all that Stripe knows."""
    return Records(world.report(only="objects")["objects"])


def check_nothing_waits() -> None:
    """A minute after Stripe answers again whatever was asked has its answer."""
    waiting = {
        "attempts": Payment.objects.undecided(),
        "events": StripeEvent.objects.filter(processed_at=None),
        "refunds": Refund.objects.filter(state=Refund.State.SENT),
        "answers to banks": DisputeAnswer.objects.filter(state=DisputeAnswer.State.SENT),
        "mails": Mail.objects.filter(sent_at=None),
        "ends to be told": Membership.objects.to_end().exclude(subscription_id=None),
    }
    for what, rows in waiting.items():
        assert not rows.exists(), f"{what} wait: {list(rows)}"


def check_the_sweep_found_all(world: World) -> None:
    """A day later whatever the shop knows of stands as it does at Stripe's, whatever news got lost."""
    there = records(world)
    for intent in there.of("payment_intent", status="succeeded"):
        assert Order.objects.filter(intent_id=intent["id"], state="paid").exists(), "a sale was not found"
    states = {each["id"]: each["status"] for each in there.of("refund")}
    for refund in Refund.objects.exclude(refund_id=None):
        assert refund.state == states[refund.refund_id or ""], "a refund moved unseen"
    for dispute in Dispute.objects.all():
        (made,) = there.of("dispute", id=dispute.dispute_id)
        assert dispute.state == made["status"], "a dispute moved unseen"
    for membership in Membership.objects.all():
        (subscription,) = there.of("subscription", id=membership.subscription_id)
        is_over = subscription["status"] == "canceled"
        assert (membership.state == Membership.State.ENDED) == is_over, "a membership ended unseen"
        assert is_over or membership.cancels_at_period_end == subscription["cancel_at_period_end"]


def check_three_sides(stage: LongStage) -> None:
    """Orders, ledger and Stripe's records agree; what only the comparison can find, it mends."""
    stage.balance_is_fetched()
    if found := stage.reconcile(fix=False):
        for each in found:
            assert any(words in each.what for words in _ONLY_BY_COMPARISON), each.what
        stage.reconcile(fix=True)
        stage.sweep()
        stage.balance_is_fetched()
        assert [each.what for each in stage.reconcile(fix=False)] == []
    assert ledger.check().is_same, "the ledger is not what the records say"
    sides: Counter[str] = Counter()
    for total in ledger.totals():
        sides[total.currency] += total.balance
        assert total.account != "due_from_stripe" or total.balance == 0, "something is due for ever"
        assert total.account != "unexplained", "something moved that nobody explains"
    assert not any(sides.values()), f"debits and credits differ: {sides}"
    there = records(stage.world)
    net: Counter[str] = Counter()
    for moved in there.of("balance_transaction"):
        net[moved["currency"]] += moved["net"]
    booked = {each.currency: each.balance for each in ledger.totals() if each.account == "stripe_balance"}
    assert booked == net, "the books have another balance than Stripe"


def check(buyer: Buyer, kinds: list[str], world: World) -> None:
    """Hold every order, every film and every mail against the promise."""
    there = records(world)
    receipts_run_on()
    paid = list(Order.objects.filter(state=Order.State.PAID).select_related("offer"))
    charges = [each for each in there.of("charge") if each["paid"]]
    assert sorted(each["payment_intent"] for each in charges) == sorted(
        order.intent_id for order in paid if order.intent_id
    ), "money for no order, or an order for no money"
    for order in paid:
        _check_money(order, there)
    for kind in kinds:
        film = KINDS[kind][0]
        opens = _opens(kind, there)
        assert (buyer.watch(film).status_code == 200) == opens, f"{kind}: the film {film}, not {opens}"
    _check_mails(paid, there, world)


def _check_money(order: Order, there: Records) -> None:
    back = there.returned_minor(order.intent_id) if order.intent_id else 0
    assert order.refunded_minor == back <= order.total_minor, f"{order.refunded_minor} set aside, {back} back"
    tax = [entry for each in ledger.booked(ledger.causes_of(order)).values() for entry in each.lines]
    kept = -sum(line.amount_minor for line in tax if line.account == "tax")
    lost = sum(each["amount"] for each in there.of("dispute", payment_intent=order.intent_id, status="lost"))
    gone = min(back + lost, order.total_minor) if order.intent_id else 0
    due = order.tax_minor - order.tax_minor * gone / order.total_minor if gone else order.tax_minor
    assert abs(kept - due) <= len(tax), f"tax of {kept} is owed where {due} is due"
    assert gone < order.total_minor or order.is_free or kept == 0, "all is gone and some tax is still owed"


def _opens(kind: str, there: Records) -> bool:
    film, now = KINDS[kind][0], timezone.now()
    if kind == "membership":
        return _member_may_watch(there, now)
    order = Order.objects.get(offer__video__slug=film)
    if kind == "rental" and now >= (order.paid_at or now) + timedelta(days=30):
        return False
    return not there.is_gone(order)


def _member_may_watch(there: Records, now: datetime) -> bool:
    (subscription,) = there.of("subscription")
    periods = sorted(_paid_periods(there))
    until, intent_id = periods[-1]
    if there.is_gone(Order.objects.get(intent_id=intent_id)):
        return False
    grace = until + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    if subscription["status"] == "canceled":
        return now < max(until, min(_instant(subscription["ended_at"]), grace))
    return now < (until if subscription["cancel_at_period_end"] else grace)


def _paid_periods(there: Records) -> Iterator[tuple[datetime, str]]:
    """The end of each period that was paid, and the intent that paid it."""
    for invoice in there.of("invoice", status="paid"):
        if invoice["amount_due"]:
            end = max(line["period"]["end"] for line in invoice["lines"]["data"])
            intent = _intent_of(invoice, there)
            yield _instant(end), intent


def _intent_of(invoice: Json, there: Records) -> str:
    (paying,) = there.of("invoice_payment", invoice=invoice["id"])
    return str(paying["payment"]["payment_intent"])


def _check_mails(paid: list[Order], there: Records, world: World) -> None:
    """Each mail went out once, and each thing that the buyer must hear of was told once."""
    addresses = {order.email for order in paid}
    received = [mail for email in addresses for mail in world.sandbox.mail(email)]
    ids = Counter(mail["headers"]["Message-ID"] for mail in received)
    assert set(ids.values()) <= {1}, "a mail was sent twice"
    assert len(ids) == Mail.objects.filter(to__in=addresses).count(), "a mail was not sent"
    told = Counter(Mail.objects.values_list("template", flat=True))
    assert told["receipt"] == len(paid), "receipts"
    assert told["refund-failed"] == Refund.objects.filter(state__in=["failed", "refused"]).count(), "failures"
    answered = Refund.objects.filter(state__in=[*_RETURNED]).count()
    assert answered <= told["refund"] <= Refund.objects.count(), "refunds"
    verdicts = [each for each in there.of("dispute") if each["status"] in ("won", "lost")]
    assert told["dispute-ended"] == len(verdicts), "verdicts"
    held = [each for each in there.of("dispute") if each["status"] in ("needs_response", "under_review")]
    assert len(held) <= told["dispute"] <= len(there.of("dispute")), "disputes"
    assert told["membership-ended"] <= 1, "ends"


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
