"""What Stripe says of sales that are drawn by chance, in our words, and what each moved of our balance."""

import itertools
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from billing.models import BalanceTransaction, Membership, Order
from billing.stripe.intents import Intent
from billing.stripe.stripe_disputes import Disputed
from billing.stripe.stripe_refunds import GivenBack
from billing.stripe.stripe_subscriptions import Invoice
from videos import money

# Dollars for one: no decimals, two, three, and those that have two by Stripe and none in fact.
WORTH: Final = {
    **{"usd": "1", "eur": "1.08", "jpy": "0.0067", "krw": "0.00073"},
    **{"bhd": "2.65", "kwd": "3.25", "isk": "0.0072", "ugx": "0.00027"},
}
_COUNTRIES: Final = ("", "DE", "FI", "KR", "CH", "US", "BR")
_A_MONTH: Final = timedelta(days=30)


class Bank:
    """Stripe's side of the play. `moved` is what our books have not fetched yet."""

    def __init__(self, dice: random.Random, seed: int) -> None:
        self._dice, self._seed = dice, seed
        self._numbers = itertools.count(1)
        self.moved: list[BalanceTransaction] = []

    def new_id(self, kind: str) -> str:
        return f"{kind}_{self._seed}_{next(self._numbers)}"

    def paid(self, order: Order, intent_id: str, *, at: datetime) -> Intent:
        """The intent of an order whose card was charged."""
        told = self._charged(order.total_minor, order.currency, intent_id, at=at)
        is_first_invoice = order.intent_id is not None
        return told if is_first_invoice else replace(told, order_reference=order.reference)

    def renewed(self, membership: Membership, number: int, *, at: datetime) -> tuple[Invoice, Intent]:
        """The invoice of a membership's next period, and the intent that paid it."""
        order, intent_id = membership.order, self.new_id("pi")
        starts_at = order.created_at + number * _A_MONTH
        invoice = Invoice(
            id=self.new_id("in"),
            subscription_id=membership.subscription_id or "",
            is_paid=True,
            is_open=False,
            due_minor=order.total_minor,
            currency=order.currency,
            intent_id=intent_id,
            price_id="",
            starts_at=starts_at,
            ends_at=starts_at + _A_MONTH,
            paid_at=at,
        )
        return invoice, self._charged(order.total_minor, order.currency, intent_id, at=at)

    def given_back(self, order: Order, amount_minor: int, *, key: str, state: str, at: datetime) -> GivenBack:
        """A refund that Stripe took on; without a key it was made in Stripe's dashboard."""
        told = GivenBack(
            id=self.new_id("re"),
            state=state,
            amount_minor=amount_minor,
            currency=order.currency,
            intent_id=order.intent_id or "",
            charge_id=self.new_id("ch"),
            key=key,
            failed_because="",
        )
        self._move(order.currency, told.intent_id, "refund", -amount_minor, at=at)
        return told

    def sent_back(self, told: GivenBack, *, at: datetime) -> GivenBack:
        """The same refund, which the buyer's bank did not want."""
        self._move(told.currency, told.intent_id, "refund_failure", told.amount_minor, at=at)
        return replace(told, state="failed", failed_because="lost_or_stolen_card")

    def disputed(self, order: Order, state: str, *, at: datetime) -> Disputed:
        told = Disputed(
            id=self.new_id("dp"),
            state=state,
            amount_minor=order.total_minor,
            currency=order.currency,
            reason="fraudulent",
            network_reason="10.4",
            charge_id=self.new_id("ch"),
            intent_id=order.intent_id or "",
            due_by=at + timedelta(days=9),
            is_charge_refundable=state.startswith("warning"),
            submissions=0,
            answer_key="",
            opened_at=at,
        )
        self._take(told, at=at)
        return told

    def moved_on(self, told: Disputed, state: str, *, at: datetime) -> Disputed:
        """The same dispute, as its bank has it now."""
        told = replace(told, state=state, is_charge_refundable=state.startswith("warning"))
        self._take(told, at=at)
        return told

    def pay_out(self, *, at: datetime) -> None:
        self._keep_dollars("payout", -self._dice.randint(1, 10**9), at=at)

    def _charged(self, amount_minor: int, currency: str, intent_id: str, *, at: datetime) -> Intent:
        self._move(currency, intent_id, "charge", amount_minor, at=at)
        self._keep_dollars("tax_fee", -self._dice.randint(1, 50), at=at)
        return Intent(
            id=intent_id,
            status="succeeded",
            amount_minor=amount_minor,
            currency=currency,
            livemode=False,
            order_reference="",
            charge_id=self.new_id("ch"),
            challenge_url="",
            decline_code="",
            received_minor=amount_minor,
            tried_card=self.new_id("pm"),
            card_country=self._dice.choice(_COUNTRIES),
            stated_country=self._dice.choice(_COUNTRIES),
            card_fingerprint=self.new_id("fp"),
        )

    def _take(self, told: Disputed, *, at: datetime) -> None:
        """A dispute takes the money as it begins, and a win brings it back; nothing else moves any."""
        category = {"needs_response": "dispute", "won": "dispute_reversal"}.get(told.state)
        if category:
            amount = -told.amount_minor if category == "dispute" else told.amount_minor
            self._move(told.currency, told.intent_id, "adjustment", amount, category=category, at=at)

    def _move(
        self, currency: str, intent_id: str, type: str, amount: int, *, category: str = "", at: datetime
    ) -> None:
        """Half of what is not dollars settles in dollars, at the day's rate."""
        settled, rate, into = amount, None, currency
        if currency != "usd" and self._dice.random() < 0.5:
            into = "usd"
            whole = Decimal(WORTH[currency]) * 100
            rate = whole / 10 ** money.decimals(currency) * self._dice.randint(90, 110) / 100
            settled = int((amount * rate).to_integral_value())
        fee = 30 + abs(settled) * 29 // 1000 if type == "charge" else 1500 if category == "dispute" else 0
        self._keep(
            type,
            amount,
            settled,
            fee,
            category=category or type,
            exchange_rate=rate,
            intent_id=intent_id,
            source_currency=currency,
            currency=into,
            created_at=at.replace(microsecond=0),
        )

    def _keep_dollars(self, type: str, amount: int, *, at: datetime) -> None:
        usd = {"source_currency": "usd", "currency": "usd"}
        self._keep(type, amount, amount, 0, created_at=at.replace(microsecond=0), **usd)

    def _keep(self, type: str, amount: int, settled: int, fee: int, **facts: Any) -> None:
        moved = BalanceTransaction(
            transaction_id=self.new_id("txn"),
            type=type,
            source_amount_minor=amount,
            amount_minor=settled,
            fee_minor=fee,
            net_minor=settled - fee,
            **{"category": type} | facts,
        )
        self.moved.append(moved)
