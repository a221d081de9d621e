"""Renewals that Stripe could not charge by itself, and what their members try in our page to pay them."""

from datetime import datetime
from typing import Final, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.attempts import Attempt, AttemptQuerySet
from billing.models.memberships import Membership
from videos import money


class UnpaidRenewal(models.Model):
    """An invoice that was not paid by itself. Stripe decides when it is paid or void; the row mirrors that.

    The mailed link is its token, of which only the hash is kept: whoever holds it may pay this and no more.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be paid")
        PAID = "paid", _("Paid")
        CLOSED = "closed", _("Not to be paid any more")

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="unpaid_renewals", verbose_name=_("membership")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    invoice_id = models.CharField(_("Invoice"), max_length=64, unique=True)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    # Why the card on file was not charged, as Stripe told when this was first seen.
    decline_code = models.CharField(_("refused because"), max_length=60, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    link_until = models.DateTimeField(_("link is good until"))
    noted_at = models.DateTimeField(_("noted"))
    closed_at = models.DateTimeField(_("paid or closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("unpaid renewal")
        verbose_name_plural = _("unpaid renewals")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="unpaid_renewal_amount_is_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="unpaid_renewal_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="closed_renewal_has_time",
            ),
        ]
        indexes = [
            # Serves the office's search.
            models.Index(fields=["intent_id"], name="unpaid_renewal_intent"),
        ]

    def __str__(self) -> str:
        return self.invoice_id

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def amount_text(self) -> str:
        return money.format_amount(self.amount_minor, self.currency)

    @property
    def needs_owner(self) -> bool:
        """Whether the card may do, once its owner answers the bank."""
        return self.decline_code in ("", "authentication_required")

    def become(self, state: str, *, at: datetime) -> bool:
        """Note what Stripe says of it, and return whether that is news. What is paid stays so."""
        closed_at = None if state == self.State.OPEN else at
        others = UnpaidRenewal.objects.filter(pk=self.pk).exclude(state__in=[state, self.State.PAID])
        changed = others.update(state=state, closed_at=closed_at)
        self.refresh_from_db(fields=["state", "closed_at"])
        return bool(changed)


class RenewalPaymentQuerySet(AttemptQuerySet["RenewalPayment"]):
    def left_open(self, *, since: datetime) -> Self:
        """Attempts whose question the member turned away from. It can still be answered where it is shown."""
        is_open = Q(renewal__state=UnpaidRenewal.State.OPEN)
        return self.filter(is_open, state=Attempt.State.ABANDONED, sent_at__gt=since)


class RenewalPayment(Attempt):
    """One attempt of a member's to pay a renewal, always on the invoice's own intent.

    `confirmation_token` names a PaymentMethod where it is the card on file.
    """

    renewal = models.ForeignKey(UnpaidRenewal, on_delete=models.PROTECT, related_name="payments")
    is_on_file = models.BooleanField(_("with the card on file"), default=False)
    amount_minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64, blank=True)

    objects = RenewalPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment of a renewal")
        verbose_name_plural = _("payments of renewals")
        constraints = [
            models.UniqueConstraint(fields=["renewal", "number"], name="renewal_attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["confirmation_token"],
                condition=Q(is_on_file=False),
                name="one_renewal_attempt_per_card_entry",
            ),
            models.UniqueConstraint(
                fields=["renewal"],
                condition=Q(state__in=["sent", "challenged"]),
                name="one_undecided_attempt_per_renewal",
            ),
            models.UniqueConstraint(
                fields=["renewal"],
                condition=Q(state="succeeded"),
                name="one_successful_attempt_per_renewal",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="renewal_payment_amount_is_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "challenged"], decided_at=None)
                | (~Q(state__in=["sent", "challenged"]) & Q(decided_at__isnull=False)),
                name="decided_renewal_payment_has_time",
            ),
        ]
        indexes = [
            # Serve the sweep.
            models.Index(
                fields=["look_after"],
                condition=Q(state__in=["sent", "challenged"]),
                name="renewal_payment_undecided",
            ),
            models.Index(
                fields=["sent_at"], condition=Q(state="abandoned"), name="renewal_payment_left_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.renewal_id}/{self.number}"


class CardOnFile(models.Model):
    """What a membership is charged to, as far as its member needs it to know his card again.

    Mirrored from Stripe, so that no page waits there for it; gone once the membership has ended.
    """

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="card")
    payment_method_id = models.CharField(_("PaymentMethod"), max_length=64)
    brand = models.CharField(_("brand"), max_length=30)
    last4 = models.CharField(_("last four digits"), max_length=4)
    expires_month = models.PositiveSmallIntegerField(_("month of expiry"))
    expires_year = models.PositiveSmallIntegerField(_("year of expiry"))

    class Meta:
        verbose_name = _("card on file")
        verbose_name_plural = _("cards on file")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_month__gte=1, expires_month__lte=12), name="card_expires_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_name} ···· {self.last4}"

    @property
    def brand_name(self) -> str:
        return _BRANDS.get(self.brand, self.brand.replace("_", " ").title())

    @property
    def expiry(self) -> str:
        """As it is printed on the card."""
        return f"{self.expires_month:02}/{self.expires_year % 100:02}"

    def has_expired(self, *, at: datetime) -> bool:
        """A card is good to the end of its month."""
        return (self.expires_year, self.expires_month) < (at.year, at.month)


_BRANDS: Final[dict[str, str]] = {
    "amex": "American Express",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "diners": "Diners Club",
}
