"""Whatever happens to charges in whatever order, the balance is the sum of what is left of them."""

import contextlib
import random
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer

STEPS = 60


class Play:
    """Random acts of shop, buyers and banks on one world."""

    def __init__(self, buyer: Buyer, seed: int) -> None:
        self.buyer = buyer
        self.world = buyer.world
        self.dice = random.Random(seed)  # noqa: S311 - it plays, it guards nothing

    def pay(self) -> None:
        """Charge some sum."""
        self.buyer.pay(amount=self.dice.randint(50, 9999))

    def refund(self) -> None:
        """Give back more or less of some charge, perhaps too much."""
        charge = self.dice.choice(self.world.objects("charge"))
        amount = self.dice.randint(1, charge["amount"])
        self.buyer.stripe.refunds.create({"charge": charge["id"], "amount": amount})

    def fail(self) -> None:
        """Let some refund come back."""
        self.world.fail_refund(self.dice.choice(self.world.objects("refund"))["id"])

    def dispute(self) -> None:
        """Dispute some charge, or ask about it."""
        charge = self.dice.choice(self.world.objects("charge"))["id"]
        self.world.dispute(charge, inquiry=self.dice.random() < 0.3)

    def decide(self) -> None:
        """Let the bank decide over some dispute."""
        end = self.dice.choice([self.world.win_dispute, self.world.lose_dispute, self.world.escalate_dispute])
        end(self.dice.choice(self.world.objects("dispute"))["id"])


def _left(charge: Any, disputes: list[Any]) -> int:
    """Return what of a charge is still the shop's."""
    taken: list[int] = [
        each["amount"]
        for each in disputes
        if each["charge"] == charge["id"] and each["status"] in ("needs_response", "under_review", "lost")
    ]
    kept: int = charge["amount"] - charge["amount_refunded"] - sum(taken)
    return kept


@pytest.mark.parametrize("seed", range(4))
def test_the_balance_is_what_is_left_of_the_charges(buyer: Buyer, seed: int) -> None:
    play = Play(buyer, seed)
    acts: list[Callable[[], None]] = [
        play.pay,
        play.refund,
        play.refund,
        play.fail,
        play.dispute,
        play.decide,
    ]

    play.pay()
    for _ in range(STEPS):
        with contextlib.suppress(stripe.InvalidRequestError, AssertionError, IndexError):
            play.dice.choice(acts)()

    found = buyer.world.report()["objects"]
    charges, refunds, disputes = (found.get(kind, []) for kind in ("charge", "refund", "dispute"))
    entries = list(buyer.stripe.balance_transactions.list({"limit": 100}).auto_paging_iter())
    assert sum(entry.amount for entry in entries) == sum(_left(charge, disputes) for charge in charges)
    assert all(entry.net == entry.amount - entry.fee for entry in entries)
    assert len({entry.id for entry in entries}) == len(entries)
    for charge in charges:
        back = [each["amount"] for each in refunds if each["charge"] == charge["id"] if _is_kept(each)]
        assert charge["amount_refunded"] == sum(back) <= charge["amount"]
        assert charge["refunded"] == (sum(back) == charge["amount"])
    assert refunds
    assert disputes


def _is_kept(refund: Any) -> bool:
    return str(refund["status"]) != "failed"
