"""Attacks on the books: what is booked twice, rewritten, taken out, or does not balance."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from billing.books import balance, entries, ledger
from billing.books.entries import Line, Posting
from billing.models import BalanceTransaction, LedgerEntry, Order
from tests import promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage


def one_sale_is_booked_twice(stage: Stage) -> None:
    order = _sold(stage)

    with meeting(entries, "post"):
        all_at_once(*[partial(_book, order)] * 2)

    promises.keep(_sales() == -order.total_minor, "one sale was booked twice")


def one_movement_is_fetched_twice(stage: Stage) -> None:
    _sold(stage)

    with meeting(balance, "keep"):
        all_at_once(*[partial(balance.fetch, at=timezone.now())] * 2)

    promises.keep(BalanceTransaction.objects.count() == 1, "one movement was kept twice")
    promises.keep(
        LedgerEntry.objects.filter(account="stripe_balance").count() == 1, "one movement was booked twice"
    )


def an_entry_is_rewritten(stage: Stage) -> None:
    _keeps(partial(_update, LedgerEntry, amount_minor=-models.F("amount_minor")), stage)


def a_sale_is_taken_out(stage: Stage) -> None:
    _keeps(LedgerEntry.objects.filter(cause__startswith="sale:").delete, stage)


def a_movement_is_rewritten(stage: Stage) -> None:
    _keeps(partial(_update, BalanceTransaction, currency="jpy"), stage)


def a_set_has_one_side(stage: Stage) -> None:
    """Some verb books half of what moved."""
    _sold(stage)

    with suppress(IntegrityError), transaction.atomic():
        entries.post([Posting("refund:half", timezone.now(), (Line("refunds", "usd", 790),))])

    sums = {total.currency: 0 for total in ledger.totals()}
    for total in ledger.totals():
        sums[total.currency] += total.balance
    promises.keep(not any(sums.values()), f"debits and credits differ: {sums}")


def _sold(stage: Stage) -> Order:
    stage.world.faults(webhooks={"pause": True})
    return Order.objects.get(reference=stage.stranger().buy(stage.film.slug)["order"])


def _book(order: Order) -> int:
    return entries.post([entries.of_sale(order)])


def _sales() -> int:
    return sum(LedgerEntry.objects.filter(account="sales").values_list("amount_minor", flat=True))


def _update(model: type[models.Model], **changes: object) -> int:
    return model._default_manager.update(**changes)


def _keeps(attack: Callable[[], object], stage: Stage) -> None:
    _sold(stage)
    balance.fetch(at=timezone.now())
    before = promises.everything()

    with suppress(IntegrityError), transaction.atomic():
        attack()

    promises.unchanged(before)
