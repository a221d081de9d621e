"""Every constraint of every table refuses a row, and nothing else would: without it the same row is stored.

The models are asked which there are: one that is lost, or comes without a word here, turns this red.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from secrets import token_hex
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import User
from billing.models import Coupon
from tests.saboteurs.rows import fresh, saved
from tests.saboteurs.taking_away import drop
from videos.models import Collection

pytestmark = pytest.mark.django_db

NOW = timezone.now()
NUMBERS = count(7)

# What a check forbids.
FORBIDDEN: dict[str, dict[str, Any]] = {
    "offer_has_one_target": {"video": None},
    "only_rent_has_times": {"days_to_start": 30, "hours_once_started": 48},
    "only_membership_renews": {"interval": "month"},
    "only_membership_has_trial": {"trial_days": 7},
    "price_is_above_zero": {"amount_minor": 0},
    "price_currency_is_known": {"currency": "xxx"},
    "entitlement_has_one_target": {"everything": True},
    "entitlement_ends_after_start": {"starts_at": NOW, "ends_at": NOW - timedelta(hours=1)},
    "code_names_one_viewer": {"visitor": None},
    "order_address_is_corrected_a_few_times": {"email_corrections": 6},
    "sign_in_mails_are_few": {"turn": 6},
    "sign_in_tries_are_few": {"tries": 6},
    "one_switch_for_selling": {"pk": 2},
    "one_turn_for_kollus": {"pk": 2},
    "published_video_can_play": {"is_published": True, "media_content_key": ""},
    "video_lets_play": {"longest_viewing_minutes": 0},
    "channel_lets_play": {"longest_viewing_minutes": 0},
    "film_is_watched_no_longer_than_sold": {"watched_until": NOW},
    "film_leaves_once_asked": {"leaves_at": NOW - timedelta(days=1)},
    "take_down_is_called_off_in_time": {"called_off_at": lambda row: row.leaves_at},
    "take_down_has_a_reason": {"reason": ""},
    "played_part_has_an_end": {"plays_from_seconds": 9, "plays_until_seconds": 9},
    "trailer_is_not_the_film": {"trailer_key": lambda row: row.media_content_key},
    "upload_size_is_above_zero": {"file_size": 0},
    "arrived_upload_has_time": {"state": "uploaded"},
    "decided_upload_has_time": {"state": "failed", "uploaded_at": NOW},
    "order_total_is_above_zero_or_all_discounted_or_trial": {"total_minor": 0},
    "withdrawn_from_an_order": {"withdrawn_at": NOW},
    "wish_comes_with_acknowledgement": {"wanted_at_once": True},
    "order_discount_has_a_coupon": {"discount_minor": 1},
    "paid_order_has_time_and_intent_or_is_free": {"state": "paid", "paid_at": NOW},
    "coupon_percent_is_a_percentage": {"percent": 101},
    "coupon_uses_within_limit": {"uses_limit": 3, "used": 4},
    "coupon_ends_after_start": {"starts_at": NOW, "ends_at": NOW},
    "coupon_amount_is_above_zero": {"amount_minor": 0},
    "heat_is_not_below_zero": {"count": -1},
    "payment_amount_is_above_zero_or_setup": {"amount_minor": 0},
    "decided_payment_has_time": {"state": "refused"},
    "entry_is_not_zero": {"amount_minor": 0},
    "entry_account_is_known": {"account": "pocket"},
    "net_is_amount_less_fee": {"net_minor": 790},
    "refunded_is_within_what_was_paid": {"refunded_minor": 1},
    "refund_amount_is_above_zero": {"amount_minor": 0},
    "decided_refund_has_time": {"state": "refused"},
    "answered_refund_has_id": {"state": "pending"},
    "staff_refund_names_who": {"asker": "staff"},
    "dispute_amount_is_above_zero": {"amount_minor": 0},
    "closed_dispute_has_time": {"state": "lost"},
    "dispute_tax_is_not_zero": {"amount_minor": 0},
    "answered_answer_has_time": {"state": "delivered"},
    "refund_tax_is_within_it": {"tax_minor": 791},
    "tax_is_within_the_total": {"tax_country": "DE", "tax_basis_points": 1900, "tax_minor": 10**6},
    "order_tax_has_a_rate": {"tax_country": "DE", "tax_minor": 1},
    "order_tax_rate_has_a_country": {"tax_basis_points": 1900},
    "one_counter_per_series": {"pk": 3},
    "credit_note_is_of_a_refund_taken_on": {"credit_note_number": 7, "credited_at": NOW},
    "only_a_paid_order_has_a_receipt": {"receipt_number": 7},
    "few_wordings_per_order": {"number": 11},
    "company_can_be_addressed": {"address": ""},
    "calculated_tax_has_a_rate": {"basis_points": 0},
    "tax_rate_is_below_the_whole": {"basis_points": 10_000},
    "ended_membership_has_time": {"state": "ended"},
    "living_membership_has_subscription": {"state": "active"},
    "price_move_is_applied_or_dropped": {"applied_at": NOW, "dropped_at": NOW},
    "price_move_leads_to_another_price": {"to_price": lambda row: row.from_price},
    "period_ends_after_start": {"starts_at": NOW, "ends_at": NOW},
    "card_expires_in_a_month": {"expires_month": 13},
    "unpaid_renewal_amount_is_above_zero": {"amount_minor": 0},
    "unpaid_renewal_ends_after_start": {"starts_at": NOW, "ends_at": NOW},
    "closed_renewal_has_time": {"state": "paid"},
    "renewal_payment_amount_is_above_zero": {"amount_minor": 0},
    "decided_renewal_payment_has_time": {"state": "refused"},
    "legal_text_is_in_both_languages": {"body_ko": ""},
    "decided_card_change_has_time": {"state": "refused"},
    "slots_count_from_one": {"slot": 0},
    "copy_lasts_beyond_its_download": {"expires_at": lambda row: row.asked_at},
    "played_copy_is_downloaded": {"played_at": NOW},
    "video_off_sale_is_not_in_shop": {"is_published": True, "off_sale_because": "gone"},
}
# What no two rows may share.
UNIQUE = {
    *("LegalText.legal_texts_are_numbered", "LegalText.one_legal_text_in_force"),
    *("Erasure.pseudonym", "ErasedCustomer.customer_id"),
    *("User.email", "Pass.one_pass_per_purchase", "Mail.cause"),
    "Undeliverable.address",
    *("SignedIn.reference", "SignedIn.session_key"),
    *("SignInCode.nonce", "SignInCode.one_sign_in_mail_per_turn"),
    "TakeDown.one_take_down_per_film",
    *("Video.slug", "Video.one_video_per_media_content_key", "VideoText.one_text_per_video_language"),
    "Chapter.one_chapter_per_language_start",
    *("Collection.slug", "CollectionText.one_text_per_collection_language"),
    *("CollectionItem.video_once_per_collection", "CollectionItem.position_once_per_collection"),
    *("Upload.upload_file_key", "Upload.one_waiting_upload_per_video", "KollusFilm.video_id"),
    *(
        "KollusEvent.one_waiting_kollus_event",
        "Channel.key",
        "ConsoleCheck.one_console_check_per_channel_item",
    ),
    *("Offer.one_active_offer_per_video_kind", "Offer.one_active_offer_per_collection_kind"),
    "Price.one_price_per_offer_currency",
    "Entitlement.one_entitlement_per_reason_video",
    "Entitlement.one_entitlement_per_reason_collection",
    "Entitlement.one_entitlement_per_reason_everything",
    *("ViewerCode.code", "ViewerCode.user_id", "ViewerCode.visitor"),
    *("StreamLease.one_lease_per_viewer_slot", "OfflineCopy.session_id"),
    *("PlaybackSession.reference", "WatchProgress.one_progress_per_viewer_video"),
    *("WatchMap.video_id", "Certificate.number", "Certificate.code"),
    "Certificate.one_certificate_per_course",
    *("StripeEvent.event_id", "Order.reference", "Order.quote_nonce", "Order.intent_id"),
    *("Order.one_open_order_per_session_offer", "Payment.one_undecided_attempt_per_order"),
    *("Payment.one_successful_attempt_per_order", "Payment.attempts_are_numbered"),
    *("Payment.one_attempt_per_card_entry", "Payment.idempotency_key"),
    *("LedgerEntry.one_set_per_cause", "BalanceTransaction.transaction_id"),
    *("Coupon.code", "CouponAmount.one_amount_per_coupon_currency", "CouponUse.order_id"),
    *("CouponUse.one_coupon_turn_per_browser", "CouponUse.one_coupon_turn_per_address"),
    *("CouponGuess.one_guess_count_per_window", "Heat.one_heat_per_key_and_window"),
    *("Order.receipt_number", "Refund.credit_note_number"),
    *("TaxRate.one_tax_rate_per_country_day", "Company.wordings_are_numbered"),
    *("TaxCalculation.payment_id", "TaxCalculation.calculation_id"),
    *("StripePrice.price_id", "StripePrice.stripe_id", "Membership.order_id"),
    *("Membership.customer_id", "Membership.subscription_id"),
    *("MembershipPeriod.order_id", "MembershipPeriod.invoice_id", "CardOnFile.membership_id"),
    *("UnpaidRenewal.invoice_id", "UnpaidRenewal.token_hash", "RenewalPayment.idempotency_key"),
    *("RenewalPayment.renewal_attempts_are_numbered", "RenewalPayment.one_renewal_attempt_per_card_entry"),
    *("CardChange.card_changes_are_numbered", "CardChange.one_card_change_per_card_entry"),
    *("CardChange.one_undecided_card_change", "CardChange.idempotency_key"),
    "RenewalPayment.one_undecided_attempt_per_renewal",
    "RenewalPayment.one_successful_attempt_per_renewal",
    *("Consent.order_id", "Withdrawal.one_withdrawal_asked_per_window", "Withdrawal.token_hash"),
    "Refund.one_refund_per_order_of_a_film_that_left",
    *("Refund.refunds_are_numbered", "Refund.idempotency_key", "Refund.refund_id"),
    *("Dispute.dispute_id", "DisputeAnswer.dispute_answers_are_numbered"),
    *("DisputeAnswer.one_live_answer_per_dispute", "DisputeAnswer.idempotency_key"),
    *("FraudWarning.warning_id", "DisputeTax.key", "DisputeTax.dispute_taxes_are_numbered"),
    "PriceMove.one_price_move_ahead_per_membership",
    *("PlanChange.order_id", "PlanChange.one_plan_change_under_way_per_membership"),
    *("Trial.order_id", "Trial.one_trial_per_collection_card", "Trial.one_trial_per_collection_user"),
}

# What two rows have beside the same values, where a constraint is about some rows only, or another one would
# mind them first.
BESIDE: dict[str, dict[str, Any]] = {
    "one_active_offer_per_collection_kind": {"video": None, "collection": Collection},
    "one_entitlement_per_reason_collection": {"video": None, "collection": Collection},
    "one_entitlement_per_reason_everything": {"video": None, "everything": True},
    "ViewerCode.user_id": {"visitor": None, "user": User},
    "intent_id": {"intent_id": "pi_1"},
    "one_trial_per_collection_user": {"user": User},
    "customer_id": {"customer_id": "cus_1"},
    "subscription_id": {"subscription_id": "sub_1"},
    "token_hash": {"token_hash": "f" * 64},
    "one_refund_per_order_of_a_film_that_left": {
        "reason": "taken_down",
        "asker": "shop",
        "number": NUMBERS.__next__,
    },
    "refund_id": {"refund_id": "re_1"},
    "credit_note_number": {"credit_note_number": 7, "credited_at": NOW, "refund_id": lambda: token_hex(8)},
    "receipt_number": {
        **{"receipt_number": 7, "state": "paid", "paid_at": NOW, "intent_id": None},
        **{"total_minor": 0, "discount_minor": 790, "coupon": Coupon},
    },
    "attempts_are_numbered": {"state": "refused", "decided_at": NOW},
    "dispute_answers_are_numbered": {"state": "refused", "answered_at": NOW},
    "card_changes_are_numbered": {"state": "refused", "decided_at": NOW},
    "renewal_attempts_are_numbered": {"state": "refused", "decided_at": NOW},
    "one_successful_attempt_per_order": {"state": "succeeded", "decided_at": NOW},
    "one_successful_attempt_per_renewal": {"state": "succeeded", "decided_at": NOW},
}


@dataclass(frozen=True)
class Kept:
    """A constraint: its name in the database (or its column), its table, and the fields that it compares."""

    model: type[models.Model]
    name: str
    same: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.model.__name__}.{self.name}"


def _constraints() -> Iterator[Kept]:
    for model in (each for app in ("accounts", "videos", "billing") for each in _models(app)):
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key:
                yield Kept(model, str(field.column), (field.name,))
        for constraint in model._meta.constraints:
            yield Kept(model, constraint.name, tuple(getattr(constraint, "fields", ())))


def _models(app: str) -> Iterator[type[models.Model]]:
    return iter(apps.get_app_config(app).get_models())


CONSTRAINTS = list(_constraints())


@pytest.mark.parametrize("kept", CONSTRAINTS, ids=lambda kept: kept.label)
def test_the_database_refuses_a_row_because_of(kept: Kept) -> None:
    _without_triggers(kept.model)
    row = _twin(kept) if kept.same else _forbidden(kept)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table has work left and cannot be altered
        drop(cursor, kept.model._meta.db_table, kept.name)
    row.save(force_insert=True)


def test_no_constraint_is_lost() -> None:
    assert {kept.label for kept in CONSTRAINTS if kept.same} == UNIQUE
    assert {kept.name for kept in CONSTRAINTS if not kept.same} == set(FORBIDDEN)


def _without_triggers(model: type[models.Model]) -> None:
    """What triggers keep has saboteurs of its own: a lone line of a ledger would not balance."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')


def _forbidden(kept: Kept) -> Any:
    row = fresh(kept.model)
    for name, value in FORBIDDEN[kept.name].items():
        setattr(row, name, value(row) if callable(value) else value)
    return row


def _made(value: Any) -> Any:
    if isinstance(value, type):
        return saved(value)
    return value() if callable(value) else value


def _twin(kept: Kept) -> Any:
    """A second row with the same values where the constraint wants others; the first one is saved."""
    first, second = fresh(kept.model), fresh(kept.model)
    for name, value in (BESIDE.get(kept.name) or BESIDE.get(kept.label) or {}).items():
        for row in (first, second):
            setattr(row, name, _made(value))
    first.save()
    for name in kept.same:
        setattr(second, name, getattr(first, name))
    return second
