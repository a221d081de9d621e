"""What can become of money that was paid: it goes back, comes back, is disputed, renews, fails, and ends."""

import itertools
from contextlib import suppress
from typing import Any

import urllib3
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from accounts.models import Mail
from billing import tasks
from billing.disputing import answers
from billing.models import Dispute, DisputeAnswer, Membership, Order, Refund
from billing.refunding import asking, refunds
from billing.refunding.cases import Reason
from billing.stripe.intents import StripeUnavailable
from billing.withdrawing import withdrawals
from tests.buyer import Buyer
from tests.schedules import money_promise
from tests.schedules.given_up import is_given_up
from tests.schedules.long_stage import KINDS
from tests.schedules.played_later import step
from tests.schedules.weather import Weather, any_of, stripe_faults, webhook_faults
from videos import money

A_PERIOD_SECONDS = 31 * 86400 + 2 * 3600
_DUNNING_SECONDS = 16 * 86400
# A browser's passes live as long as its session: schedules end before it does.
_LONGEST_SECONDS = 55 * 86400
_NOT_POSSIBLE = (AssertionError, urllib3.exceptions.HTTPError)  # the bank would not, or Stripe was broken

_numbers = itertools.count(1)
_kinds = st.lists(st.sampled_from([*KINDS, "membership"]), min_size=1, max_size=2, unique=True)
_parts = st.sampled_from([1, 1, 2, 3])
_yes_or_no = st.booleans()


class LifeOfMoney(Weather):
    """One browser that has bought, on a stage of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.world = self.stage.world
        self.buyer = Buyer(self.stage.shop.url, self.world)
        self.email = f"ada-later+{next(_numbers)}@example.com"
        self.kinds: list[str] = []

    @initialize(
        kinds=_kinds,
        currency=st.sampled_from(["usd", "krw"]),
        country=st.sampled_from(["KR", "DE", ""]),
        how=stripe_faults,
        astray=webhook_faults,
    )
    def has_bought(
        self, kinds: list[str], currency: str, country: str, how: str, astray: dict[str, Any]
    ) -> None:
        """What he has is known before it is played: some steps are for members alone."""
        for kind in kinds:
            if not self._has_film_of(kind):
                self.kinds.append(kind)
        self._buys(currency, country, how, astray)

    @step
    def _buys(self, currency: str, country: str, how: str, astray: dict[str, Any]) -> None:
        self.world.configure(issuer_country=country)
        self.stage.lead_webhooks_astray(astray)
        for kind in self.kinds:
            self.stage.sell(self.buyer, kind, currency=currency, email=self.email)
        self.stage.break_stripe(how, 1)

    def _has_film_of(self, kind: str) -> bool:
        return KINDS[kind][0] in {KINDS[each][0] for each in self.kinds}

    # Money goes back

    @rule(which=any_of, part=_parts, ends=_yes_or_no, is_killed=st.sampled_from([False, False, False, True]))
    @step
    def staff_give_back(self, which: int, part: int, ends: bool, is_killed: bool) -> None:
        order = self._order(which)
        wish = self._wish(order, part, ends=ends)
        with suppress(refunds.NotLeft, money.BadAmount):
            refund = refunds.write(order, wish, at=timezone.now())
            if not is_killed:  # the process dies between its row and its call
                refunds.carry_out(refund, at=timezone.now())

    @rule(which=any_of, part=_parts)
    @step
    def two_colleagues_have_the_same_form_open(self, which: int, part: int) -> None:
        order = self._order(which)
        wish = self._wish(order, part, ends=False)
        with suppress(refunds.NotLeft, money.BadAmount):
            first = refunds.ask(order, wish, at=timezone.now())
            if first.is_live:
                with suppress(refunds.NotLeft):
                    refunds.ask(order, wish, at=timezone.now())
                    raise AssertionError("one decision was carried out twice")

    @rule(which=any_of, reason=st.sampled_from(list(Reason)), twice=_yes_or_no)
    @step
    def the_buyer_asks(self, which: int, reason: Reason, twice: bool) -> None:
        order = self._order(which)
        shown = {each.reason: each.amount_minor for each in asking.prospects(order, at=timezone.now())}
        body = {"reason": reason.value, "shown": shown[reason]}
        for _ in range(1 + twice):
            answer = self.buyer.post(f"/api/v1/orders/{order.reference}/refunds/", body)
            assert answer.status_code in (200, 409), answer.text

    @rule(which=any_of)
    @step
    def the_buyer_withdraws(self, which: int) -> None:
        order, now = self._order(which), timezone.now()
        withdrawals.ask(reference=order.reference, email=order.email, language="en", at=now)
        withdrawals.answer_waiting(at=now)
        link = Mail.objects.filter(template="withdrawal-link").order_by("id").last()
        wish = link and withdrawals.find(link.context["link"].rstrip("/").rpartition("/")[2], at=now)
        if wish and wish.order:
            with suppress(asking.Changed, withdrawals.LinkUsed):
                shown = withdrawals.prospect(wish.order, at=now).amount_minor
                withdrawals.withdraw(wish, shown_minor=shown, at=now)

    @rule(which=any_of, part=_parts)
    @step
    def somebody_gives_back_at_stripe(self, which: int, part: int) -> None:
        order = self._order(which)
        amount = order.total_minor // part
        with suppress(*_NOT_POSSIBLE):
            self.world.api("POST", "refunds", payment_intent=order.intent_id or "", amount=amount)

    @rule(how=st.sampled_from(["is pending first", "stays pending", "fails later", None]))
    @step
    def banks_take_refunds(self, how: str | None) -> None:
        self.world.faults(stripe={"refunds": how})

    @rule(which=any_of)
    @step
    def a_refund_comes_back(self, which: int) -> None:
        made = self.world.objects("refund")
        if made:
            with suppress(*_NOT_POSSIBLE):
                self.world.fail_refund(made[which % len(made)]["id"])

    # Banks

    @rule(which=any_of, inquiry=st.sampled_from([False, False, True]))
    @step
    def the_bank_disputes(self, which: int, inquiry: bool) -> None:
        if charge := self._charge(which):
            with suppress(*_NOT_POSSIBLE):
                self.world.dispute(charge, inquiry=inquiry)

    @rule(
        which=any_of, how=st.sampled_from(["win_dispute", "lose_dispute", "lose_dispute", "escalate_dispute"])
    )
    @step
    def the_bank_goes_on(self, which: int, how: str) -> None:
        disputes = self.world.objects("dispute")
        if disputes:
            with suppress(*_NOT_POSSIBLE):
                self.world.act(how, disputes[which % len(disputes)]["id"])

    @rule(which=any_of)
    @step
    def the_issuer_warns(self, which: int) -> None:
        if charge := self._charge(which):
            with suppress(*_NOT_POSSIBLE):
                self.world.warn_of_fraud(charge)

    @rule(which=any_of, kind=st.sampled_from(list(DisputeAnswer.Kind)))
    @step
    def staff_answer_the_bank(self, which: int, kind: DisputeAnswer.Kind) -> None:
        disputes = Dispute.objects.order_by("id")
        if disputes:
            evidence = {"uncategorized_text": "losing_evidence"} if kind == "evidence" else {}
            reply = answers.Reply(kind=kind, evidence=evidence, note="n", asked_by_id=self.stage.staff.pk)
            with suppress(answers.NotAnswerable):
                answers.send(disputes[which % len(disputes)], reply, at=timezone.now())

    # Memberships

    @rule(goes_on=st.sampled_from(["no", "no", "yes"]))
    @precondition(lambda self: "membership" in self.kinds)
    @step
    def the_member_chooses(self, goes_on: str) -> None:
        path = f"/orders/{Membership.objects.get().order.reference}/membership/"
        form = {"goes_on": goes_on, "csrfmiddlewaretoken": self.buyer.http.cookies.get("csrftoken", "")}
        address = self.buyer.url + path
        answer = self.buyer.http.post(address, data=form, headers={"Referer": address}, timeout=40)
        assert answer.status_code == 200, answer.status_code

    @rule(seconds=st.sampled_from([A_PERIOD_SECONDS, A_PERIOD_SECONDS, _DUNNING_SECONDS]))
    @precondition(lambda self: "membership" in self.kinds)
    @step
    def weeks_pass(self, seconds: int) -> None:
        if self.stage.clock.skipped_seconds < _LONGEST_SECONDS:
            self.stage.skip(seconds)

    @rule(works=st.sampled_from([False, False, True]))
    @precondition(lambda self: "membership" in self.kinds)
    @step
    def the_members_card_changes(self, works: bool) -> None:
        """By his bank's doing: renewals are charged to another card from now on."""
        membership = Membership.objects.get()
        card = "pm_card_visa" if works else "pm_card_chargeCustomerFail"
        with suppress(*_NOT_POSSIBLE):
            attached = self.world.api(
                "POST", f"payment_methods/{card}/attach", customer=membership.customer_id or ""
            )
            self.world.api(
                "POST",
                f"subscriptions/{membership.subscription_id}",
                default_payment_method=attached["id"],
            )

    # Looks, and the shop's work by the hour

    @rule(which=any_of)
    @step
    def the_buyer_opens_the_order(self, which: int) -> None:
        order = self._order(which)
        answer = self.buyer.http.get(f"{self.buyer.url}/orders/{order.reference}/", timeout=40)
        assert answer.status_code == 200, answer.text

    @rule()
    @step
    def the_hour_strikes(self) -> None:
        with suppress(StripeUnavailable):
            tasks.fetch_balance()
            tasks.reconcile()

    def teardown(self) -> None:
        """Play, heal, and hold all against the promise."""
        if not self.kinds or is_given_up():
            return  # never begun, or none of those that are counted
        self.stage.clear()
        self.play()
        self.stage.heal()
        self.stage.come_to_rest()
        money_promise.check_nothing_waits()
        self.stage.a_day_passes()
        money_promise.check_the_sweep_found_all(self.world)
        money_promise.check_three_sides(self.stage)
        money_promise.check(self.buyer, self.kinds, self.world)

    def _order(self, which: int) -> Order:
        orders = Order.objects.filter(state=Order.State.PAID).select_related("offer").order_by("id")
        return orders[which % len(orders)]

    def _charge(self, which: int) -> str:
        """A charge that took money, "" where there is none."""
        charges = [each["id"] for each in self.world.objects("charge") if each["paid"]]
        return charges[which % len(charges)] if charges else ""

    def _wish(self, order: Order, part: int, *, ends: bool) -> refunds.Wish:
        return refunds.Wish(
            amount_minor=order.total_minor // part,
            after_minor=order.refunded_minor,
            reason=Refund.Reason.OTHER,
            ends_access=ends,
            asker=Refund.Asker.STAFF,
            asked_by_id=self.stage.staff.pk,
        )
