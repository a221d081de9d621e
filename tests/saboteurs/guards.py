"""Takes one guard away for the length of a `with` block. Used by the saboteurs, and to head the races.

This is the one place where our own code is patched: the point is to see a promise break without it.
"""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.core import signing
from django.db import connection, models
from django.db.models import F, Max, Q, QuerySet
from stripe import WebhookSignature

from accounts import identity, mailing, second_step
from accounts.models import Pass, SignedInQuerySet, SignInCode
from accounts.page_api import PageSession
from billing.admin import refunds as refunds_office
from billing.admin.disputes import DisputeAdmin
from billing.admin.orders import OrderAdmin
from billing.buying import checkout, quotes, selling
from billing.consenting import consents
from billing.disputing import answers, dispute_outcomes
from billing.guarding import gate, velocity, work
from billing.inbox import webhook_inbox
from billing.joining import (
    card_change,
    late_money,
    plan_prospects,
    price_moves,
    recovering,
    renewal_page,
    renewing,
    trials,
)
from billing.models import (
    Coupon,
    Dispute,
    DisputeAnswer,
    Order,
    Payment,
    ReceiptCounter,
    Refund,
    TaxCalculation,
    Withdrawal,
)
from billing.models.disputes import DisputeQuerySet
from billing.models.guarding import HeatQuerySet
from billing.models.inbox import StripeEventQuerySet
from billing.models.orders import OrderQuerySet
from billing.models.receipts import ReceiptCounterManager
from billing.receipts import mailed_links
from billing.refunding import access, asking, refund_outcomes, refunds, second_purchases
from billing.settling import fulfilment, outcomes
from billing.settling.fulfilment import Mismatch
from billing.stripe import stripe_disputes, stripe_gateway, stripe_refunds
from billing.stripe.intents import Intent
from billing.stripe.stripe_disputes import Disputed
from billing.stripe.stripe_refunds import GivenBack
from billing.taxing import taxes
from videos import callbacks, entitlements, previews, pricing, progress
from videos.kollus import tokens
from videos.kollus.play_callback import PlayQuestion
from videos.models import Entitlement, PlaybackSession, Video, playing_sql, progress_sql
from videos.models.watching import EntitlementQuerySet
from videos.watching import answering

Guard = Callable[[], AbstractContextManager[Any]]


@contextmanager
def no_row_locks() -> Iterator[None]:
    """`SELECT … FOR UPDATE` locks nothing."""
    with mock.patch.object(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows.all()):
        yield


@contextmanager
def dropped(model: type[models.Model], *names: str) -> Iterator[None]:
    """The table lacks these constraints, each named by itself or by its only column. Afterwards the table is
    empty, since what it holds may not fit the constraints any more.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        restore = [drop(cursor, table, name) for name in names]
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
            for statement in restore:
                cursor.execute(statement)


@contextmanager
def disarmed(model: type[models.Model], trigger: str) -> Iterator[None]:
    """The table's trigger does not fire. Afterwards the table is empty."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER {trigger}')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER {trigger}')


def drop(cursor: Any, table: str, name: str) -> str:
    """Drop one constraint of a PostgreSQL table and return the statement that restores it."""
    name = _real_name(cursor, table, name)
    cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
    if found := cursor.fetchone():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        return f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {found[0]}'
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
    definition = str(cursor.fetchone()[0])
    cursor.execute(f'DROP INDEX "{name}"')
    return definition


def _real_name(cursor: Any, table: str, name: str) -> str:
    found = connection.introspection.get_constraints(cursor, table)
    fitting = [
        each
        for each, facts in found.items()
        if each == name or (facts["columns"] == [name] and facts["unique"] and not facts["primary_key"])
    ]
    assert len(fitting) == 1, f"{table} has {fitting} for {name}"
    return fitting[0]


def without(model: type[models.Model], *names: str) -> Guard:
    """`dropped`, for a table of saboteurs."""
    return lambda: dropped(model, *names)


def without_trigger(model: type[models.Model], trigger: str) -> Guard:
    """`disarmed`, for a table of saboteurs."""
    return lambda: disarmed(model, trigger)


def _instead(owner: object, name: str, replacement: Any) -> Guard:
    return lambda: mock.patch.object(owner, name, replacement)


# Conditional updates: copies of the real ones without their condition.


def _set(changes: Callable[..., dict[str, Any]]) -> Callable[..., bool]:
    def update(self: models.Model, **given: Any) -> bool:
        rows = type(self)._base_manager.filter(pk=self.pk)
        rows.update(**changes(self, **given))
        self.refresh_from_db()
        return True

    return update


any_order_is_marked_paid = _instead(
    Order,
    "mark_paid",
    _set(lambda order, at, **facts: {"state": "paid", "paid_at": at, **facts}),
)
# A receipt's number that is read and added to, and one that no failed sale gives back.
numbers_are_read_and_added_to = _instead(
    ReceiptCounterManager,
    "next",
    lambda self: (Order.objects.aggregate(most=Max("receipt_number"))["most"] or 0) + 1,
)


def numbers_are_never_given_back() -> AbstractContextManager[Any]:
    numbers = itertools.count(1)
    return mock.patch.object(ReceiptCounterManager, "next", lambda self: next(numbers))


any_calculation_is_this_orders = _instead(
    taxes,
    "_worked_out",
    lambda order, calculation: TaxCalculation.objects.filter(calculation_id=calculation).first(),
)
# A credit note's number likewise, and one that each further news of a refund takes anew.
credit_notes_are_read_and_added_to = _instead(
    ReceiptCounterManager,
    "next_credit_note",
    lambda self: (Refund.objects.aggregate(most=Max("credit_note_number"))["most"] or 0) + 1,
)


def _number_anew(refund: Refund, *, at: datetime) -> None:
    refund.credit_note_number, refund.credited_at = ReceiptCounter.objects.next_credit_note(), at
    refund.save()


credit_notes_are_numbered_anew = _instead(Refund, "number_credit_note", _number_anew)
any_order_is_canceled = _instead(Order, "cancel", _set(lambda order: {"state": "canceled"}))
any_order_is_closed = _instead(checkout, "_end", lambda order, at: order.cancel())
any_attempt_is_decided = _instead(
    Payment,
    "_decide",
    lambda self, state, *, decline_code, intent_id, at: _set(
        lambda payment: {"state": state, "decline_code": decline_code, "decided_at": at}
    )(self),
)
any_attempt_is_challenged = _instead(
    Payment,
    "challenge",
    _set(lambda payment, intent_id, url: {"state": "challenged", "challenge_url": url}),
)
any_rental_is_started = _instead(
    Entitlement,
    "start",
    _set(lambda right, at: {"ends_at": at + timedelta(hours=right.hours_once_started)}),
)
any_right_is_revoked = _instead(
    entitlements, "revoke", lambda right, because, at: _set(lambda right: {"revoked_at": at})(right)
)


@contextmanager
def any_use_is_counted() -> Iterator[None]:
    """A coupon's use is counted without looking at the limit, and its check is not there."""
    with dropped(Coupon, "coupon_uses_within_limit"), mock.patch.object(Coupon, "count_use", _count_any_use):
        yield


def _count_any_use(coupon: Coupon) -> bool:
    Coupon.objects.filter(pk=coupon.pk).update(used=F("used") + 1)
    return True


def _count_in_two_steps(
    rows: HeatQuerySet, keys: list[str], by: int, *, since: datetime, **_: Any
) -> dict[str, int]:
    found = list(rows.filter(key__in=keys, since=since))
    for row in found:
        row.count += by
        row.save()
    return {row.key: row.count for row in found}


heat_is_counted_in_two_steps = _instead(HeatQuerySet, "add", _count_in_two_steps)

any_price_is_retired = _instead(
    pricing, "retire", lambda price, at: _set(lambda price: {"retired_at": at})(price)
)
any_event_is_claimed = _instead(StripeEventQuerySet, "due", lambda rows, at: rows.all())
any_mail_is_claimed = _instead(mailing, "_is_due", lambda at: Q(sent_at=None))


def _bind_any(session: PlaybackSession, question: PlayQuestion, *, at: datetime) -> bool:
    PlaybackSession.objects.filter(pk=session.pk).update(player_id=question.player_id)
    return session.player_id in ("", question.player_id)


any_progress_is_kept = _instead(
    progress_sql, "_KEEP_PROGRESS", progress_sql._KEEP_PROGRESS.partition("WHERE")[0]
)
any_report_fits = _instead(progress, "_fits", lambda since, at: 10**9)
any_player_is_bound = _instead(answering, "_is_same_player", _bind_any)
pages_look_as_often_as_they_ask = _instead(outcomes, "_STATUS_PAUSE", timedelta(days=-1))

it_is_never_hot = _instead(gate, "_count", lambda limits, at: 0)
sales_are_not_counted = _instead(velocity, "of_sale", lambda **what: {"quiet": 10**6})
free_orders_are_not_counted = _instead(velocity, "of_free_order", lambda **what: {"quiet": 10**6})
links_are_not_counted = _instead(velocity, "of_link", lambda **what: {"quiet": 10**6})
no_hash_is_looked_at = _instead(work, "_fits", lambda text: True)
_real_is_done = work.is_done


def _is_done_for_any(given: work.Work, *, nonce: str, attempt: int, at: datetime) -> bool:
    """What the task was set for is believed of whoever brings it."""
    if not given.token:
        return False
    claims: dict[str, Any] = signing.loads(given.token, salt=work._SALT)
    return _real_is_done(given, nonce=claims["nonce"], attempt=claims["attempt"], at=at)


def _is_done_at_any_time(given: work.Work, *, nonce: str, attempt: int, at: datetime) -> bool:
    return _real_is_done(given, nonce=nonce, attempt=attempt, at=datetime(2000, 1, 1, tzinfo=UTC))


work_is_for_any_attempt = _instead(work, "is_done", _is_done_for_any)
work_never_expires = _instead(work, "is_done", _is_done_at_any_time)

any_order_is_claimed = _instead(OrderQuerySet, "without_owner", lambda rows: rows)


def _keep_all_passes(*, visitor: str, user_id: int) -> None:
    Pass.objects.filter(visitor=visitor).update(user=user_id)


any_pass_is_taken_along = _instead(identity, "keep_passes", _keep_all_passes)
anybody_s_sessions = _instead(SignedInQuerySet, "of", lambda rows, user: rows)
no_second_step = _instead(second_step, "is_passed", lambda request: True)
any_number_of_tries = _instead(SignInCode, "try_once", lambda wish, at: True)
any_code_is_good = _instead(SignInCode, "claim", _set(lambda wish, good_for, at: {"used_at": at}))
any_link_is_good = _instead(Withdrawal, "claim", _set(lambda wish, at: {"withdrawn_at": at}))
any_renewals_link_is_good = _instead(renewal_page, "_is_good", lambda renewal, at: True)
any_renewals_link_is_everybodys = _instead(renewal_page, "_is_anothers", lambda renewal, viewer: False)
any_renewal_is_alive = _instead(recovering, "_is_alive", lambda renewal, at: True)
late_money_is_kept = _instead(late_money, "give_back", lambda membership, subscription, paid, at: 0)
cards_are_tried_on_a_renewal_without_end = _instead(recovering, "_MOST_A_DAY", 10**6)
cards_are_tried_on_a_membership_without_end = _instead(card_change, "_MOST_A_DAY", 10**6)
cards_are_changed_while_they_pay = _instead(card_change, "_is_being_paid", lambda membership: False)
no_law_wants_a_word = _instead(consents, "_asks_for_box", lambda law, kind, found: False)
tills_never_close = _instead(selling, "check_tills", lambda mode: None)
silence_means_no = _instead(outcomes, "_UNDER_WAY", timedelta(0))

# What repairs.

no_sweep_of_attempts = _instead(outcomes, "sweep", lambda at: 0)
no_sweep_of_events = _instead(webhook_inbox, "sweep", lambda at: 0)


@contextmanager
def settling_in_pieces() -> Iterator[None]:
    """`settle` is no transaction: what it did before an error stays."""
    with no_row_locks(), mock.patch.object(fulfilment, "settle", fulfilment.settle.__wrapped__):  # type: ignore[attr-defined]
        yield


# What is checked.

_real_check, _real_read, _real_verify = fulfilment._check, quotes.read, WebhookSignature.verify_header


def settling_overlooks(fact: str) -> Guard:
    """`settle` does not mind one fact about the intent."""

    def check(order: Order, intent: Intent) -> None:
        try:
            _real_check(order, intent)
        except Mismatch as error:
            if set(error.what.split(",")) - {fact}:
                raise

    return _instead(fulfilment, "_check", check)


# A renewal does not look at what was paid.
any_money_renews: Guard = _instead(renewing, "_check", lambda membership, invoice, intent: None)
# Free days are given to whoever holds a quote of them.
no_look_for_an_earlier_trial: Guard = _instead(trials, "check", lambda viewer, offer: None)
# A new price does not wait for the days of notice.
no_days_of_notice: Guard = _instead(price_moves, "_was_told_in_time", lambda move: True)
# A change of plan does not ask Stripe once more what it costs.
any_sum_changes_the_plan: Guard = _instead(
    plan_prospects, "still_costs", lambda membership, price, wish: True
)
# A membership's order takes any intent that names no order.
any_intent_is_the_first_invoices: Guard = _instead(
    fulfilment, "_is_first_invoice", lambda order, intent: order.offer.is_membership
)


def _believed(token: str, *, salt: str) -> Any:
    return json.loads(signing.b64_decode(token.split(":")[0].encode()))


def _read_long_ago(token: str, *, visitor: str, at: datetime) -> quotes.Quote:
    return _real_read(token, visitor=visitor, at=datetime(2000, 1, 1, tzinfo=UTC))


any_quote_is_ours = _instead(
    quotes,
    "signing",
    SimpleNamespace(loads=_believed, dumps=signing.dumps, BadSignature=signing.BadSignature),
)
any_task_is_ours = _instead(
    work,
    "signing",
    SimpleNamespace(loads=_believed, dumps=signing.dumps, BadSignature=signing.BadSignature),
)
any_quote_is_this_browsers = _instead(quotes, "_fingerprint", lambda visitor: "anybody")
no_quote_expires = _instead(quotes, "read", _read_long_ago)
nothing_is_yours_already = _instead(entitlements, "owns", lambda viewer, offer, at: False)


class _Credulous(signing.Signer):
    def unsign(self, signed_value: str) -> str:
        return signed_value.partition(self.sep)[0]


any_receipts_link_is_ours = _instead(mailed_links, "_signer", lambda: _Credulous(sep="."))
any_webhook_is_stripes = _instead(stripe_gateway, "signing_secret", lambda body, signature: "whsec_any")
any_webhook_is_fresh = _instead(
    WebhookSignature,
    "verify_header",
    lambda text, signature, key, tolerance: _real_verify(text, signature, key),
)
any_mode_is_ours = _instead(fulfilment, "is_live", lambda: True)
no_csrf_check = _instead(PageSession, "enforce_csrf", lambda self, request: None)
any_order_is_everybodys = _instead(OrderQuerySet, "held_by", lambda rows, viewer: rows.all())
any_right_is_everybodys = _instead(EntitlementQuerySet, "held_by", lambda rows, viewer: rows.all())
any_listed_right_is_valid = _instead(
    playing_sql, "_OPEN", playing_sql._OPEN.replace("entitled.revoked_at IS NULL AND", "")
)
any_right_is_valid = _instead(Entitlement, "is_valid", lambda self, at: True)
any_mark_is_ours = _instead(
    tokens, "read_session_mark", lambda mark, cuid, media_content_key: mark.rpartition(".")[0]
)
no_trailer_is_a_film = _instead(previews, "_gives_a_film_away", lambda film: False)
any_length_is_free = _instead(Video, "preview_section", property(lambda film: (0, film.preview_seconds)))
any_callback_is_players = _instead(callbacks, "_is_players", lambda secret: True)
_real_charge = stripe_gateway.charge


def _charge_anew(payment: Payment, **given: Any) -> Intent:
    payment.idempotency_key += "-again"
    return _real_charge(payment, **given)


no_idempotency_key = _instead(stripe_gateway, "charge", _charge_anew)


# Money given back.


def _reserve_any(order: Order, amount_minor: int, *, after_minor: int) -> bool:
    Order.objects.filter(pk=order.pk).update(refunded_minor=F("refunded_minor") + amount_minor)
    order.refresh_from_db()
    return True


_real_refund = stripe_refunds.create


def _refund_anew(refund: Refund) -> GivenBack:
    again = copy(refund)
    again.idempotency_key += secrets.token_hex(4)
    return _real_refund(again)


def _reopen_any(reference: str, *, because: str) -> None:
    Entitlement.objects.filter(reference=reference).update(revoked_at=None, revoked_because="")


def _refund_facts(refund: Refund, *, state: str, at: datetime, **facts: Any) -> dict[str, Any]:
    ended = {"succeeded_at": at} if state == "succeeded" else {"failed_at": at}
    return {"state": state, **ended, **facts}


any_sum_is_set_aside = _instead(Order, "reserve_refund", _reserve_any)
any_refund_is_moved = _instead(
    Refund, "become", lambda self, state, at, **facts: _set(_refund_facts)(self, state=state, at=at, **facts)
)
any_news_of_refunds_is_new = _instead(
    refund_outcomes, "_NEXT", {state: set(Refund.State.values) for state in Refund.State.values}
)
any_refund_fits = _instead(refund_outcomes, "_fits", lambda refund, told: True)
any_refund_is_claimed = _instead(refund_outcomes, "put_off", lambda refund, at: True)
no_look_at_other_refunds = _instead(refund_outcomes, "_adopt_after_others", lambda order, told, at: None)


@contextmanager
def taking_over_without_care() -> Iterator[None]:
    """Who takes a refund of Stripe's over waits for nobody, and does not look again."""
    with no_row_locks(), no_look_at_other_refunds():
        yield


no_refund_key = _instead(stripe_refunds, "create", _refund_anew)
no_sweep_of_refunds = _instead(refunds, "sweep", lambda at: 0)
any_ended_right_is_reopened = _instead(entitlements, "reopen_purchase", _reopen_any)
anything_may_have_been_shown = _instead(asking, "_is_as_shown", lambda prospect, shown_minor: True)
every_purchase_is_a_second = _instead(second_purchases, "is_second", lambda order, at: True)
all_staff_may_refund = _instead(OrderAdmin, "has_refund_permission", lambda self, request: True)


# Disputes.


def _dispute_facts(dispute: Dispute, *, state: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return {"state": state, "closed_at": at if state in Dispute.CLOSED else None, **facts}


any_dispute_is_moved = _instead(
    Dispute,
    "become",
    lambda self, state, at, **facts: _set(_dispute_facts)(self, state=state, at=at, **facts),
)
any_news_of_disputes_is_new = _instead(
    dispute_outcomes, "_NEXT", {state: set(Dispute.State.values) for state in Dispute.State.values}
)
any_dispute_is_claimed = _instead(dispute_outcomes, "_claim", lambda dispute, at: True)
no_sweep_of_disputes = _instead(dispute_outcomes, "sweep", lambda at: 0)
no_dispute_bars_refunds = _instead(DisputeQuerySet, "barring_refunds", lambda rows: rows.none())
no_dispute_ends_anything = _instead(access, "is_ended_by_dispute", lambda order: False)


_real_answer = stripe_disputes.answer


def _answer_anew(given: DisputeAnswer) -> Disputed:
    again = copy(given)
    again.idempotency_key += secrets.token_hex(4)
    return _real_answer(again)


no_answer_key = _instead(stripe_disputes, "answer", _answer_anew)
no_sweep_of_answers = _instead(answers, "sweep", lambda at: 0)
any_dispute_can_be_answered = _instead(Dispute, "is_answerable", lambda self, at: True)
all_staff_may_answer = _instead(DisputeAdmin, "has_answer_permission", lambda self, request: True)
anybody_calls_a_card_fraudulent = _instead(refunds_office, "_is_warned_of", lambda order: True)
