"""Guards of settling and of the sweeps, to be taken away; see `taking_away`."""

import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db.models import Max, Q

from accounts import mailing
from billing.inbox import webhook_inbox
from billing.models import Order, Payment, TaxCalculation
from billing.models.inbox import StripeEventQuerySet
from billing.models.receipts import ReceiptCounterManager
from billing.settling import fulfilment, outcomes
from billing.settling.fulfilment import Mismatch
from billing.stripe.intents import Intent
from billing.taxing import taxes
from tests.saboteurs.taking_away import Guard, instead, no_row_locks, unconditionally

any_order_is_marked_paid = instead(
    Order,
    "mark_paid",
    unconditionally(lambda order, at, **facts: {"state": "paid", "paid_at": at, **facts}),
)

# A receipt's number that is read and added to, and one that no failed sale gives back.
numbers_are_read_and_added_to = instead(
    ReceiptCounterManager,
    "next",
    lambda self: (Order.objects.aggregate(most=Max("receipt_number"))["most"] or 0) + 1,
)


def numbers_are_never_given_back() -> AbstractContextManager[Any]:
    numbers = itertools.count(1)
    return mock.patch.object(ReceiptCounterManager, "next", lambda self: next(numbers))


any_calculation_is_this_orders = instead(
    taxes,
    "_worked_out",
    lambda order, calculation: TaxCalculation.objects.filter(calculation_id=calculation).first(),
)
any_order_is_canceled = instead(Order, "cancel", unconditionally(lambda order: {"state": "canceled"}))
any_attempt_is_decided = instead(
    Payment,
    "_decide",
    lambda self, state, *, decline_code, intent_id, at: unconditionally(
        lambda payment: {"state": state, "decline_code": decline_code, "decided_at": at}
    )(self),
)
any_attempt_is_challenged = instead(
    Payment,
    "challenge",
    unconditionally(lambda payment, intent_id, url: {"state": "challenged", "challenge_url": url}),
)
any_event_is_claimed = instead(StripeEventQuerySet, "due", lambda rows, at: rows.all())
any_mail_is_claimed = instead(mailing, "_is_due", lambda at: Q(sent_at=None))
pages_look_as_often_as_they_ask = instead(outcomes, "_STATUS_PAUSE", timedelta(days=-1))
no_sweep_of_attempts = instead(outcomes, "sweep", lambda at: 0)
no_sweep_of_events = instead(webhook_inbox, "sweep", lambda at: 0)


@contextmanager
def settling_in_pieces() -> Iterator[None]:
    """`settle` is no transaction: what it did before an error stays."""
    with no_row_locks(), mock.patch.object(fulfilment, "settle", fulfilment.settle.__wrapped__):  # type: ignore[attr-defined]
        yield


_real_check = fulfilment._check


def settling_overlooks(fact: str) -> Guard:
    """`settle` does not mind one fact about the intent."""

    def check(order: Order, intent: Intent) -> None:
        try:
            _real_check(order, intent)
        except Mismatch as error:
            if set(error.what.split(",")) - {fact}:
                raise

    return instead(fulfilment, "_check", check)
