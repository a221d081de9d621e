"""Paid means playable: what must be true of every order once all is quiet, whatever happened before."""

from dataclasses import dataclass
from typing import Any

from billing.models import Order, Payment, StripeEvent
from tests.buyer import Buyer
from tests.sandbox_client import World
from videos.models import Entitlement

Json = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """How many there are of each thing that a paid order has exactly once and an unpaid one not at all."""

    entitlements: int
    receipts: int
    charges: int
    intents: int


ONE_OF_EACH = Facts(entitlements=1, receipts=1, charges=1, intents=1)
NOTHING = Facts(entitlements=0, receipts=0, charges=0, intents=0)


def check_sales_are_known(world: World) -> None:
    """Whoever was charged has what he paid for."""
    for intent in world.objects("payment_intent"):
        if intent["status"] == "succeeded":
            order = Order.objects.get(reference=intent["metadata"]["order"])
            assert order.is_paid, "a sale was not found in time"


def check(buyer: Buyer, slug: str) -> None:
    """Hold every order of the shop, and the buyer's right to the film, against the promise."""
    report = buyer.world.report(only="objects")["objects"]
    intents, charges = report.get("payment_intent", []), report.get("charge", [])
    orders = list(Order.objects.all())
    for order in orders:
        facts = _facts(order, intents, charges, buyer.world)
        assert facts == (ONE_OF_EACH if order.is_paid else NOTHING), f"{order.state} order with {facts}"
    _check_nothing_is_stuck(intents)
    paid = [order for order in orders if order.is_paid]
    assert len([charge for charge in charges if charge["paid"]]) == len(paid), "money for no order"
    assert (buyer.watch(slug).status_code == 200) == bool(paid), "the film"


def _facts(order: Order, intents: list[Json], charges: list[Json], world: World) -> Facts:
    rights = Entitlement.objects.filter(reference=order.reference, revoked_at=None)
    mails = [mail for mail in world.sandbox.mail(order.email) if order.reference in mail["text"]]
    return Facts(
        entitlements=rights.count(),
        receipts=len(mails),
        charges=_count(charges, order, paid=True, amount=order.total_minor, currency=order.currency),
        intents=_count(intents, order, status="succeeded"),
    )


def _count(objects: list[Json], order: Order, **facts: Any) -> int:
    """How many of Stripe's objects are for this order and have these facts."""
    mine = [each for each in objects if each["metadata"].get("order") == order.reference]
    return sum(all(each[name] == value for name, value in facts.items()) for each in mine)


def _check_nothing_is_stuck(intents: list[Json]) -> None:
    """Nothing waits, except for a buyer who has not answered his bank."""
    asking = {intent["id"] for intent in intents if intent["status"] == "requires_action"}
    stuck = [each.state for each in Payment.objects.undecided() if each.intent_id not in asking]
    assert not stuck, f"undecided: {stuck}"
    assert not StripeEvent.objects.filter(processed_at=None).exists(), "an event was not worked through"
