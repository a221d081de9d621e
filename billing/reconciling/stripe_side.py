"""Stripe's charges, refunds and balance transactions of a span, held against what is noted here."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from billing.books import balance
from billing.books.balance import in_batches
from billing.models import BalanceTransaction, Order, Refund
from billing.reconciling.differences import Difference, mended
from billing.refunding import refund_outcomes
from billing.settling import fulfilment
from billing.stripe import stripe_gateway, stripe_lists, stripe_refunds
from billing.stripe.stripe_lists import Seen
from videos import money

_LIVE = ("pending", "succeeded", "requires_action")


def sales(start: datetime, end: datetime, *, fix_at: datetime | None) -> Iterator[Difference]:
    """This will hold the charges that took money against paid orders, and settle what got lost."""
    taken = (each for each in stripe_lists.charges_between(start, end) if each.status == "succeeded")
    for charges in in_batches(taken):
        references = [each.order_reference for each in charges]
        # A membership's intent is made by Stripe, and does not name its order.
        intents = [each.intent_id for each in charges if not each.order_reference]
        named = Order.objects.filter(Q(reference__in=references) | Q(intent_id__in=intents))
        orders = {key: order for order in named for key in (order.reference, order.intent_id)}
        for charge in charges:
            order = orders.get(charge.order_reference or charge.intent_id)
            if order is not None and not order.is_paid:
                yield _lost_sale(order, charge, fix_at=fix_at)
            elif (found := _wrong_charge(order, charge)) is not None:
                yield found


def _lost_sale(order: Order, charge: Seen, *, fix_at: datetime | None) -> Difference:
    what = f"Stripe took {_sum_of(charge)} ({charge.id}) for order {order.reference}, which is {order.state}."
    if fix_at is None:
        return Difference(what, "Settle it with --fix: the buyer gets what he paid for.")
    try:
        fulfilment.settle(order.pk, stripe_gateway.retrieve(charge.intent_id), at=fix_at)
    except fulfilment.Mismatch as error:
        return Difference(what, f"It cannot be settled, its {error.what} does not fit: refund it.")
    return Difference(what, "It is settled now.", is_repaired=True)


def _wrong_charge(order: Order | None, charge: Seen) -> Difference | None:
    if order is None:
        return Difference(
            f"Stripe took {_sum_of(charge)} ({charge.id}) for no order of this shop.",
            "Find out in Stripe's dashboard whose it is, and refund it there if it is nobody's.",
        )
    if charge.intent_id != order.intent_id:
        return Difference(
            f"Stripe took {_sum_of(charge)} ({charge.id}) a second time for order {order.reference}.",
            "Refund it in Stripe's dashboard.",
        )
    if (charge.amount_minor, charge.currency) != (order.total_minor, order.currency):
        return Difference(
            f"Order {order.reference} of {order.total_text} was charged {_sum_of(charge)} ({charge.id}).",
            "Find out why; refund what is too much in the admin.",
        )
    return None


def refunds(start: datetime, end: datetime, *, fix_at: datetime | None) -> Iterator[Difference]:
    """This will hold the refunds that Stripe knows against those noted here, and note what is news."""
    for made in in_batches(stripe_lists.refunds_between(start, end)):
        ids = [each.id for each in made]
        noted = {refund.refund_id: refund for refund in Refund.objects.filter(refund_id__in=ids)}
        for each in made:
            if what := _wrong_refund(noted.get(each.id), each):
                yield (
                    Difference(what, "Note it with --fix.") if fix_at is None else _noted(what, each, fix_at)
                )


def _wrong_refund(refund: Refund | None, seen: Seen) -> str:
    if refund is None:
        return (
            f"Stripe gave back {_sum_of(seen)} ({seen.id}) of payment {seen.intent_id}, "
            "which is not noted here."
        )
    if (seen.amount_minor, seen.currency) != (refund.amount_minor, refund.currency):
        return f"Refund {seen.id} is {refund.amount_text} here and {_sum_of(seen)} at Stripe."
    if refund.is_live != (seen.status in _LIVE):
        return f"Refund {seen.id} is {refund.state} here and {seen.status} at Stripe."
    return ""


def _noted(what: str, seen: Seen, at: datetime) -> Difference:
    said = refund_outcomes.hear(stripe_refunds.retrieve(seen.id), at=at)
    if _wrong_refund(Refund.objects.filter(refund_id=seen.id).first(), seen):
        return Difference(what, f"It cannot be noted ({said}): look it up in Stripe's dashboard.")
    return Difference(what, "It is noted now, with what follows for the film.", is_repaired=True)


def movements(start: datetime, end: datetime, *, fix: bool) -> Iterator[Difference]:
    """This will hold Stripe's balance transactions against those kept here, and keep what is missing."""
    then = BalanceTransaction.objects.filter(created_at__gte=start, created_at__lt=end)
    kept = {row.transaction_id: row for row in then}
    for moved in in_batches(stripe_lists.balance_between(start, end)):
        new = [each for each in moved if each.transaction_id not in kept]
        if fix and new:
            balance.keep(new)
        for each in new:
            what = f"Stripe's {each.type} of {each.net_text} ({each.transaction_id}) is not kept here."
            yield mended(what, "Keep and book it with --fix.", "It is kept and booked now.", is_done=fix)
        for each in moved:
            row = kept.pop(each.transaction_id, each)
            if (row.net_text, row.fee_minor) != (each.net_text, each.fee_minor):
                yield Difference(
                    f"Stripe's {each.type} {each.transaction_id} is {row.net_text} here and {each.net_text} "
                    "at Stripe.",
                    "Ask Stripe: what moved the balance does not change.",
                )
    for gone in kept.values():
        yield Difference(
            f"The {gone.type} of {gone.net_text} ({gone.transaction_id}) is kept here and unknown to Stripe.",
            "Compare the keys: these may be another account's records.",
        )


def _sum_of(seen: Seen) -> str:
    return money.format_amount(seen.amount_minor, seen.currency)
