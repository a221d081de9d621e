"""What the database promises of each order; code may only be friendlier."""

from typing import Final

from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.constraints import BaseConstraint

CONSTRAINTS: Final[list[BaseConstraint]] = [
    UniqueConstraint(
        fields=["visitor", "offer"],
        condition=Q(state="open"),
        name="one_open_order_per_session_offer",
    ),
    # Only a coupon makes an order free, and only a trial begins with nothing.
    CheckConstraint(
        condition=Q(total_minor__gt=0, trial_days=0)
        | Q(total_minor=0, discount_minor__gt=0, trial_days=0)
        | Q(total_minor=0, discount_minor=0, trial_days__gt=0),
        name="order_total_is_above_zero_or_all_discounted_or_trial",
    ),
    CheckConstraint(
        condition=Q(coupon=None, discount_minor=0) | Q(coupon__isnull=False, discount_minor__gt=0),
        name="order_discount_has_a_coupon",
    ),
    # Stripe's intent stands for the money, or for the card of a trial; a free order has none.
    CheckConstraint(
        condition=Q(state="paid", paid_at__isnull=False, intent_id__isnull=False, total_minor__gt=0)
        | Q(state="paid", paid_at__isnull=False, intent_id=None, total_minor=0, trial_days=0)
        | Q(state="paid", paid_at__isnull=False, intent_id__isnull=False, trial_days__gt=0)
        | (~Q(state="paid") & Q(paid_at=None)),
        name="paid_order_has_time_and_intent_or_is_free",
    ),
    CheckConstraint(
        condition=Q(refunded_minor=0)
        | Q(state="paid", refunded_minor__gt=0, refunded_minor__lte=F("total_minor")),
        name="refunded_is_within_what_was_paid",
    ),
    CheckConstraint(
        condition=Q(tax_minor__gte=0, tax_minor__lte=F("total_minor")), name="tax_is_within_the_total"
    ),
    CheckConstraint(condition=Q(email_corrections__lte=5), name="order_address_is_corrected_a_few_times"),
    CheckConstraint(
        condition=Q(tax_minor=0) | Q(tax_basis_points__isnull=False, tax_basis_points__gt=0),
        name="order_tax_has_a_rate",
    ),
    CheckConstraint(
        condition=Q(receipt_number=None) | Q(state="paid"), name="only_a_paid_order_has_a_receipt"
    ),
    CheckConstraint(
        condition=Q(tax_basis_points=None) | ~Q(tax_country=""), name="order_tax_rate_has_a_country"
    ),
]
