"""The attempts to pay an order. The constraints here are the promises; code may only be friendlier."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.attempts import Attempt, AttemptQuerySet
from billing.models.orders import Order


class PaymentQuerySet(AttemptQuerySet["Payment"]):
    def begin(self, order: Order, *, number: int = 1, at: datetime, **facts: Any) -> "Payment":
        """Write down an attempt to pay all of the order, before Stripe is asked with its one key."""
        return self.create(
            order=order,
            number=number,
            amount_minor=order.total_minor,
            currency=order.currency,
            is_setup=order.is_trial,
            idempotency_key=f"{order.reference}-{number}",
            sent_at=at,
            **facts,
        )

    def left_open(self, *, since: datetime) -> Self:
        """Attempts whose question the buyer turned away from. It can still be answered where it is shown."""
        return self.filter(state=Payment.State.ABANDONED, order__state=Order.State.OPEN, sent_at__gt=since)


class Payment(Attempt):
    """One attempt to pay an order, written before Stripe is asked, with all that is needed to find out
    later.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    # Takes no money: Stripe keeps the card, by a SetupIntent, for what a trial costs after its end.
    is_setup = models.BooleanField(_("only puts the card on file"), default=False, db_default=False)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64, blank=True)
    charge_id = models.CharField(_("Charge"), max_length=64, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="attempts_are_numbered"),
            # Two orders of one card entry: Stripe would refuse the second, and it is ours to say so first.
            models.UniqueConstraint(
                fields=["confirmation_token"],
                condition=~Q(confirmation_token=""),
                name="one_attempt_per_card_entry",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["sent", "challenged"]),
                name="one_undecided_attempt_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="succeeded"), name="one_successful_attempt_per_order"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, is_setup=False) | Q(amount_minor=0, is_setup=True),
                name="payment_amount_is_above_zero_or_setup",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "challenged"], decided_at=None)
                | (~Q(state__in=["sent", "challenged"]) & Q(decided_at__isnull=False)),
                name="decided_payment_has_time",
            ),
        ]
        indexes = [
            # Serve the sweep.
            models.Index(
                fields=["look_after"], condition=Q(state__in=["sent", "challenged"]), name="payment_undecided"
            ),
            models.Index(fields=["sent_at"], condition=Q(state="abandoned"), name="payment_left_open"),
            # Serves the admin's search by Stripe's charge.
            models.Index(fields=["charge_id"], name="payment_charge"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"
