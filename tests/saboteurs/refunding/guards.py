"""Guards of giving money back, to be taken away; see `taking_away`."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from billing.admin.orders import OrderAdmin
from billing.models import Order, ReceiptCounter, Refund
from billing.models.receipts import ReceiptCounterManager
from billing.refunding import asking, refund_outcomes, refunds, second_purchases
from billing.stripe import stripe_refunds
from billing.stripe.stripe_refunds import GivenBack
from tests.saboteurs.taking_away import instead, no_row_locks, unconditionally
from videos import entitlements
from videos.models import Entitlement

# A credit note's number that is read and added to, and one that each further news of a refund takes anew.
credit_notes_are_read_and_added_to = instead(
    ReceiptCounterManager,
    "next_credit_note",
    lambda self: (Refund.objects.aggregate(most=Max("credit_note_number"))["most"] or 0) + 1,
)


def _number_anew(refund: Refund, *, at: datetime) -> None:
    refund.credit_note_number, refund.credited_at = ReceiptCounter.objects.next_credit_note(), at
    refund.save()


credit_notes_are_numbered_anew = instead(Refund, "number_credit_note", _number_anew)


def _reserve_any(order: Order, amount_minor: int, *, after_minor: int) -> bool:
    Order.objects.filter(pk=order.pk).update(refunded_minor=F("refunded_minor") + amount_minor)
    order.refresh_from_db()
    return True


_real_refund = stripe_refunds.create


def _refund_anew(refund: Refund) -> GivenBack:
    again = copy(refund)
    again.idempotency_key += secrets.token_hex(4)
    return _real_refund(again)


def _reopen_any(reference: str, *, because: tuple[str, ...]) -> None:
    Entitlement.objects.filter(reference=reference).update(revoked_at=None, revoked_because="")


def _refund_facts(refund: Refund, *, state: str, at: datetime, **facts: Any) -> dict[str, Any]:
    ended = {"succeeded_at": at} if state == "succeeded" else {"failed_at": at}
    return {"state": state, **ended, **facts}


any_sum_is_set_aside = instead(Order, "reserve_refund", _reserve_any)
any_refund_is_moved = instead(
    Refund,
    "become",
    lambda self, state, at, **facts: unconditionally(_refund_facts)(self, state=state, at=at, **facts),
)
any_news_of_refunds_is_new = instead(
    refund_outcomes, "_NEXT", {state: set(Refund.State.values) for state in Refund.State.values}
)
any_refund_fits = instead(refund_outcomes, "_fits", lambda refund, told: True)
any_refund_is_claimed = instead(refund_outcomes, "put_off", lambda refund, at: True)
no_look_at_other_refunds = instead(refund_outcomes, "_adopt_after_others", lambda order, told, at: None)


@contextmanager
def taking_over_without_care() -> Iterator[None]:
    """Who takes a refund of Stripe's over waits for nobody, and does not look again."""
    with no_row_locks(), no_look_at_other_refunds():
        yield


no_refund_key = instead(stripe_refunds, "create", _refund_anew)
no_sweep_of_refunds = instead(refunds, "sweep", lambda at: 0)
any_ended_right_is_reopened = instead(entitlements, "reopen_purchase", _reopen_any)
anything_may_have_been_shown = instead(asking, "_is_as_shown", lambda prospect, shown_minor: True)
every_purchase_is_a_second = instead(second_purchases, "is_second", lambda order, at: True)
all_staff_may_refund = instead(OrderAdmin, "has_refund_permission", lambda self, request: True)
