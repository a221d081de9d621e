"""The shop's promises as checks: each looks at the whole database and, over the socket, at Stripe's side.

Honest tests call them and nothing happens; with a guard removed they raise `Broken`, and nothing else does,
so that a saboteur's test cannot pass for another reason.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import requests
from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from accounts.models import Mail, Pass
from billing.models import LedgerEntry, Order, Payment, Refund
from tests.sandbox_client import World
from videos.models import Entitlement

T = TypeVar("T")
_STATES = {"paid", "disputed", "challenge", "asking", "refused", "open", "canceled"}
_REFUSALS = {
    "already_yours",
    "buyer_gone",
    "unavailable",
    "quote_expired",
    "session_lost",
    "bad_quote",
    "not_for_sale",
    "coupon_gone",
    "work_wanted",
}


class Broken(AssertionError):
    """A promise of the shop does not hold."""


def keep(is_kept: bool, words: str) -> None:
    """This will raise `Broken` with these words unless the promise is kept."""
    if not is_kept:
        raise Broken(words)


def undisturbed(call: Callable[[], T]) -> T:
    """This will make a call that must end well: any error of it is a broken promise."""
    try:
        return call()
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"{type(error).__name__} reached the caller: {error}") from error


def sold(world: World, *, times: int = 1) -> None:
    """So many orders were paid, each with all it brings and one charge, and nobody was charged otherwise."""
    paid_means_playable()
    receipts_run_on()
    money_fits(world)
    paid = Order.objects.filter(state=Order.State.PAID).count()
    keep(paid == times, f"{paid} orders are paid, not {times}")


def paid_means_playable() -> None:
    """A paid order has one right, pass, receipt and booking, and unless it was free one successful attempt;
    no other has any.
    """
    for order in Order.objects.order_by("id"):
        count = 1 if order.is_paid else 0
        charged = 0 if order.is_free else count
        brought = {
            "rights": Entitlement.objects.filter(reference=order.reference, revoked_at=None).count(),
            "passes": Pass.objects.filter(reference=order.reference).count(),
            "receipts": Mail.objects.filter(cause=f"receipt:{order.reference}").count(),
            "booked sales": LedgerEntry.objects.filter(
                cause=f"sale:{order.reference}",
                account="sales",
                amount_minor=order.tax_minor - order.total_minor - order.discount_minor,
            ).count(),
            "successful attempts": order.payments.filter(state=Payment.State.SUCCEEDED).count(),
        }
        due_of = {"successful attempts": charged, "booked sales": 0 if order.is_trial else count}
        for what, found in brought.items():
            due = due_of.get(what, count)
            keep(found == due, f"{found} {what} for an order that is {order.state}")
        numbers = sorted(order.payments.values_list("number", flat=True))
        keep(numbers == list(range(1, len(numbers) + 1)), f"attempts are numbered {numbers}")


def receipts_run_on() -> None:
    """Receipts are numbered from 1 without a gap, one for each paid order; a trial sold nothing yet."""
    paid = Order.objects.filter(state=Order.State.PAID, trial_days=0).order_by("receipt_number")
    numbers = list(paid.values_list("receipt_number", flat=True))
    keep(numbers == list(range(1, len(numbers) + 1)), f"receipts are numbered {numbers}")


def credit_notes_run_on() -> None:
    """Credit notes are numbered from 1 without a gap, one for each refund that Stripe took on."""
    taken_on = Refund.objects.filter(state__in=[Refund.State.PENDING, Refund.State.SUCCEEDED])
    keep(not taken_on.filter(credit_note_number=None).exists(), "a refund has no credit note")
    noted = Refund.objects.exclude(credit_note_number=None).order_by("credit_note_number")
    numbers = list(noted.values_list("credit_note_number", flat=True))
    keep(numbers == list(range(1, len(numbers) + 1)), f"credit notes are numbered {numbers}")


def money_fits(world: World) -> None:
    """What Stripe took is what was ordered: one charge for each paid order, of its amount, and no other."""
    orders = {order.reference: order for order in Order.objects.all()}
    paying = [intent for intent in world.objects("payment_intent") if intent["status"] == "succeeded"]
    for intent in paying:
        order = orders.get(intent["metadata"]["order"])
        is_known = order is not None and order.is_paid and order.intent_id == intent["id"]
        keep(is_known, "Stripe took money for an order that is not paid by it")
        assert order is not None
        same = (intent["amount_received"], intent["currency"]) == (order.total_minor, order.currency)
        keep(same, "Stripe took another amount than was ordered")
    charges = [charge for charge in world.objects("charge") if charge["status"] == "succeeded"]
    paid = sum(order.is_paid and not (order.is_free or order.is_trial) for order in orders.values())
    keep(len(charges) == len(paying) == paid, f"{len(charges)} charges for {paid} paid orders")


def named(answers: Iterable[requests.Response]) -> list[str]:
    """Each answer to Pay is one that the page has a sentence for. Returns the states and codes."""
    found = []
    for answer in answers:
        keep(answer.status_code < 500 or answer.status_code == 503, f"the buyer got {answer.status_code}")
        body = answer.json()
        name = body.get("state") or body.get("code")
        keep(name in _STATES | _REFUSALS, f"the buyer got {name!r}")
        keep(bool(body["sentence"]), "the buyer got no sentence")
        found.append(str(name))
    return found


def refused(answer: requests.Response, *statuses: int) -> None:
    """The answer is a refusal of this status (or one of these)."""
    keep(answer.status_code in statuses, f"answered {answer.status_code} instead of a refusal")


def everything() -> dict[str, list[Any]]:
    """Every row of the shop's own tables, to compare before and after; playback leaves traces of its own."""
    traces = {"PlaybackSession", "ViewerCode"}
    kept = [model for model in _models() if model.__name__ not in traces]
    with connection.cursor() as cursor:
        return {model.__name__: _rows(cursor, model) for model in kept}


def unchanged(before: dict[str, list[Any]]) -> None:
    """No row of the shop was made, changed or lost since `before`."""
    after = everything()
    changed = [name for name, rows in before.items() if rows != after[name]]
    keep(not changed, f"rows changed: {', '.join(changed)}")


def _rows(cursor: CursorWrapper, model: type[models.Model]) -> list[Any]:
    """By plain SQL, since every attack takes it twice."""
    assert model._meta.pk is not None
    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')  # noqa: S608
    return list(cursor.fetchall())


def _models() -> list[type[models.Model]]:
    labels = ("accounts", "videos", "billing")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]
