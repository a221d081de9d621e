"""Money given back: one row per refund, written before Stripe is asked and carried out with its one key."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order
from billing.models.receipts import ReceiptCounter
from videos import money


class Refund(models.Model):
    """One sum that goes back, all or a part of what an order took.

    Until it fails or is refused its amount counts in `Order.refunded_minor`, which the database keeps below
    what was paid.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Asked, no answer yet")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Came back from the bank")
        REFUSED = "refused", _("Refused by Stripe")

    class Asker(models.TextChoices):
        BUYER = "buyer", _("The buyer")
        STAFF = "staff", _("Staff")
        SHOP = "shop", _("The shop by itself")
        STRIPE = "stripe", _("Somebody at Stripe")

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", _("Does not want it any more")
        DOES_NOT_PLAY = "does_not_play", _("It does not play")
        NOT_AS_DESCRIBED = "not_as_described", _("It is not what was described")
        UNAUTHORISED = "unauthorised", _("Somebody else used the card")
        BOUGHT_TWICE = "bought_twice", _("Bought twice")
        FRAUDULENT = "fraudulent", _("The card's bank warned of fraud")
        TAKEN_DOWN = "taken_down", _("The film has left the shop")
        OTHER = "other", _("Something else")

    LIVE = (State.SENT, State.PENDING, State.SUCCEEDED)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    number = models.PositiveSmallIntegerField(_("refund"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    tax_minor = models.BigIntegerField(_("of it tax, in minor units"), default=0, db_default=0)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    ends_access = models.BooleanField(_("ends the right to watch"))
    # The rule that gave it, and the version of the rules; empty where a person decided.
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    rulebook = models.CharField(_("version of the rules"), max_length=20, blank=True)
    rulebook_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    asker = models.CharField(_("asked by"), max_length=10, choices=Asker.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("person"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    idempotency_key = models.CharField(max_length=80, unique=True)
    refund_id = models.CharField(_("Stripe's refund"), max_length=64, unique=True, null=True, blank=True)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64)
    charge_id = models.CharField(_("Charge"), max_length=64, blank=True)
    failed_because = models.CharField(_("failed because"), max_length=60, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    succeeded_at = models.DateTimeField(_("given back"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    # Stripe took it on, so the buyer has a credit note of it, also where the bank sends the money back later.
    credit_note_number = models.PositiveBigIntegerField(_("credit note"), unique=True, null=True, blank=True)
    credited_at = models.DateTimeField(_("credit note of"), null=True, blank=True)
    # While no answer came: until then the call may still be carried out at Stripe's.
    under_way_until = models.DateTimeField(_("may be under way until"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="refunds_are_numbered"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(reason="taken_down", asker="shop"),
                name="one_refund_per_order_of_a_film_that_left",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_is_above_zero"),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("amount_minor")),
                name="refund_tax_is_within_it",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "pending"], succeeded_at=None, failed_at=None)
                | Q(state="succeeded", succeeded_at__isnull=False, failed_at=None)
                | Q(state__in=["failed", "refused"], failed_at__isnull=False),
                name="decided_refund_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["pending", "succeeded", "failed"]) | Q(refund_id__isnull=False),
                name="answered_refund_has_id",
            ),
            models.CheckConstraint(
                condition=Q(credit_note_number=None, credited_at=None)
                | Q(credit_note_number__isnull=False, credited_at__isnull=False, refund_id__isnull=False),
                name="credit_note_is_of_a_refund_taken_on",
            ),
            models.CheckConstraint(
                condition=~Q(asker="staff") | Q(asked_by__isnull=False), name="staff_refund_names_who"
            ),
        ]
        indexes = [
            # Serve the sweep, and the admin's search by Stripe's payment.
            models.Index(fields=["look_after"], condition=Q(look_after__isnull=False), name="refund_look"),
            models.Index(fields=["intent_id"], name="refund_intent"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/R{self.number}"

    @property
    def amount_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)

    @property
    def is_live(self) -> bool:
        """Whether the money has gone back or is still expected to."""
        return self.state in self.LIVE

    @property
    def tax_text(self) -> str:
        return money.format_amount(self.tax_minor, self.currency)

    def number_credit_note(self, *, at: datetime) -> None:
        """Give the refund its credit note's number, once; call it last in the transaction that moves it."""
        if self.credit_note_number is None:
            self.credit_note_number, self.credited_at = ReceiptCounter.objects.next_credit_note(), at
            self.save(update_fields=["credit_note_number", "credited_at"])

    def become(self, state: str | Promise, *, at: datetime, **facts: Any) -> bool:
        """Move on from the state at hand, and return whether this call did it.

        Where another witness was faster the row is read anew and nothing is changed.
        """
        changes = {"state": state, **facts}
        if state == self.State.SUCCEEDED:
            changes |= {"succeeded_at": self.succeeded_at or at, "failed_at": None}
        elif state in (self.State.FAILED, self.State.REFUSED):
            changes["failed_at"] = at
        else:
            changes |= {"succeeded_at": None, "failed_at": None}
        changed = Refund.objects.filter(pk=self.pk, state=self.state).update(**changes)
        self.refresh_from_db()
        return bool(changed)
