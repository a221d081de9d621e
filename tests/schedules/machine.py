"""Every way in which a purchase can go: buyer, bank, Stripe, network, workers and time take turns."""

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from billing.inbox import webhook_inbox
from billing.models import StripeEvent
from tests.buyer import Buyer
from tests.schedules import promise
from tests.schedules.given_up import is_given_up
from tests.schedules.played_later import PlayedLater, step
from tests.schedules.stage import FILM, Stage

CARDS = {
    "fine": "4242424242424242",
    "frictionless": "4000000032200000",
    "asks": "4000002760003184",
    "asks, then declines": "4000008400001629",
    "declined": "4000000000000002",
}
_STRIPE_FAULTS = ["drop_before", "drop_after", "500", "503", "hang", "hang_then_process"]
_WEBHOOK_FAULTS: list[dict[str, Any]] = [
    {"drop": 1},
    {"drop": 100},
    {"double": True},
    {"reorder": True},
    {"delay_seconds": 20},
    {"signature": "wrong"},
    {"signature": "old"},
]

_numbers = itertools.count(1)
_tabs = st.sampled_from([0, 1])
_cards = st.sampled_from([*CARDS, "asks"])
_currencies = st.sampled_from(["usd", "usd", "krw"])
_stripe_faults = st.sampled_from([*[""] * 6, "drop_before", "drop_after", *_STRIPE_FAULTS])
_webhook_faults = st.sampled_from([{}, {}, {"drop": 100}, {"drop": 100}, *_WEBHOOK_FAULTS])
_any = st.integers(0, 5)


@dataclass
class Tab:
    """What one tab of the buyer's browser has seen."""

    quote: str = ""
    order: str = ""


class Schedule(PlayedLater):
    """One browser with two tabs, on a stage of its own.

    A step whose time has not come does nothing. What is drawn must not follow from what happened: a slow
    machine would play another schedule, and Hypothesis gives up on those.
    """

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.stage.world
        self.buyer = Buyer(self.stage.shop.url, self.world)
        self.email = f"ada+{next(_numbers)}@example.com"
        self.tabs = [Tab(), Tab()]
        self.questions: list[str] = []
        self.way_back = ""
        self.insists = False

    @classmethod
    def on(cls, stage: Stage) -> type[Self]:
        """This will make the machine that plays on a stage."""
        return type(cls.__name__, (cls,), {"stage": stage})

    # The buyer

    @initialize(
        currency=_currencies, card=_cards, how=_stripe_faults, astray=_webhook_faults, insists=st.booleans()
    )
    @step
    def comes_and_pays(
        self, currency: str, card: str, how: str, astray: dict[str, Any], insists: bool
    ) -> None:
        self.insists = insists
        self.webhooks_go_astray(astray)
        self.opens_the_panel(0, currency)
        self.stripe_fails(how, 1)
        self.pays(0, card)

    @rule(tab=_tabs, currency=_currencies)
    @step
    def opens_the_panel(self, tab: int, currency: str) -> None:
        for choice in self.buyer.panel(FILM, currency=currency):  # none once the film is his
            self.tabs[tab].quote = choice.quote

    @rule(tab=_tabs, card=_cards)
    @step
    def pays(self, tab: int, card: str) -> None:
        shown = self.tabs[tab] if self.tabs[tab].quote else self.tabs[0]
        answer = self.buyer.pay(shown.quote, card=CARDS[card], email=self.email)
        assert answer.status_code in (200, 202, 409, 503), answer.text
        self._reads(shown, answer.json())

    @rule(which=_any, passed=st.sampled_from([True, True, False]))
    @step
    def answers_the_bank(self, which: int, passed: bool) -> None:
        if self.questions:
            question = self.questions[which % len(self.questions)]
            self.way_back = self.world.challenge(question, passed=passed)

    @rule()
    @step
    def comes_back_from_the_bank(self) -> None:
        if self.way_back:
            self._opens(self.way_back)

    @rule(tab=_tabs)
    @step
    def waits_for_the_outcome(self, tab: int) -> None:
        self.stage.skip(1)
        if shown := self._tab_with_an_order(tab):
            self._reads(shown, self.buyer.status(shown.order))

    @rule(tab=_tabs)
    @step
    def takes_another_card(self, tab: int) -> None:
        if shown := self._tab_with_an_order(tab):
            self._reads(shown, self.buyer.another_card(shown.order))

    @rule(tab=_tabs)
    @step
    def passes_the_check_after_turning_away(self, tab: int) -> None:
        """In the other tab the bank's page is still open."""
        if self.questions:
            self.takes_another_card(tab)
            self.answers_the_bank(-1, True)

    @rule(tab=_tabs)
    @step
    def opens_the_page_of_the_order(self, tab: int) -> None:
        if shown := self._tab_with_an_order(tab):
            self._opens(f"{self.buyer.url}/orders/{shown.order}/")

    # Stripe and the way to it

    @rule(how=_stripe_faults, times=st.sampled_from([1, 1, 2, 20]))
    @step
    def stripe_fails(self, how: str, times: int) -> None:
        """Nothing, and Stripe works again."""
        self.stage.break_stripe(how, 1 if how.startswith("hang") else times)

    @rule(fault=_webhook_faults)
    @step
    def webhooks_go_astray(self, fault: dict[str, Any]) -> None:
        """Nothing, and they find their way again."""
        self.stage.lead_webhooks_astray(fault)

    @rule()
    @step
    def webhooks_arrive(self) -> None:
        self.stage.let_webhooks_in()

    @rule(which=_any, signature=st.sampled_from(["good", "good", "wrong", "missing"]))
    @step
    def stripe_sends_again(self, which: int, signature: str) -> None:
        events = self.world.events()
        if events:
            self.world.resend(events[which % len(events)]["id"], signature=signature)

    # The shop's own work, and time

    @rule(which=_any)
    @step
    def a_worker_takes_an_event(self, which: int) -> None:
        events = StripeEvent.objects.order_by("id")
        if events:
            webhook_inbox.process(events[which % len(events)], at=timezone.now())

    @rule()
    @step
    def the_sweep_runs(self) -> None:
        self.stage.sweep()

    @rule(seconds=st.sampled_from([2, 20, 60]))
    @step
    def time_passes(self, seconds: int) -> None:
        self.stage.skip(seconds)

    def teardown(self) -> None:
        """Play, heal, and hold all against the promise. He who insists can buy what is not his by then."""
        if is_given_up():
            return
        self.stage.clear()
        self.play()
        self.stage.heal()
        if not self.questions:  # the bank is asked more rarely than Stripe
            promise.check_sales_are_known(self.world)
        self.stage.come_to_rest()
        promise.check_sales_are_known(self.world)
        if self.insists and self.buyer.watch(FILM).status_code != 200:
            self._buys_after_all()
        promise.check(self.buyer, FILM)

    def _buys_after_all(self) -> None:
        for order in self.orders:
            self.buyer.another_card(order)
        answer = self.buyer.pay(self.buyer.quote(FILM), email=self.email)
        assert answer.json()["state"] == "paid", answer.text
        self.stage.let_webhooks_in()
        self.stage.sweep()

    @property
    def orders(self) -> list[str]:
        return [tab.order for tab in self.tabs if tab.order]

    def _tab_with_an_order(self, tab: int) -> Tab | None:
        """This one or else the other; None while nothing was ordered."""
        return next((each for each in (self.tabs[tab], *self.tabs) if each.order), None)

    def _opens(self, address: str) -> None:
        answer = self.buyer.http.get(address, timeout=40)
        assert answer.status_code == 200, answer.text

    def _reads(self, tab: Tab, answer: dict[str, Any]) -> None:
        tab.order = answer.get("order", tab.order)
        question = answer.get("challenge_url")
        if question and question not in self.questions:
            self.questions.append(question)
