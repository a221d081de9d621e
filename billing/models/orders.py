"""Orders. What the database promises of each stands in `order_promises`."""

import secrets
from datetime import datetime
from typing import Any, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.identity import Viewer
from billing.models import order_promises
from billing.models.taxes import percent_text
from videos import money
from videos.models import Offer, Price


def new_reference() -> str:
    """128 bits that nobody guesses, in characters that survive being read aloud or pasted."""
    return secrets.token_hex(16)


class OrderQuerySet(models.QuerySet["Order"]):
    def held_by(self, viewer: Viewer) -> Self:
        """Orders of the signed-in user, those this browser made, and those that either holds a pass to."""
        held = Q(reference__in=viewer.references())
        if viewer.user_id is not None:
            held |= Q(user_id=viewer.user_id)
        if viewer.visitor:
            held |= Q(visitor=viewer.visitor)
        return self.filter(held)

    def bought_by(self, viewer: Viewer) -> Self:
        """Paid orders of the signed-in user, and those that he or this browser holds a pass to."""
        rows = Order.objects.filter(state=Order.State.PAID).order_by()
        by_pass = rows.filter(reference__in=viewer.references())
        if viewer.user_id is None:
            return self.filter(pk__in=by_pass.values("pk"))
        by_user = rows.filter(user_id=viewer.user_id).values("pk")
        return self.filter(pk__in=by_user.union(by_pass.values("pk"), all=True))

    def without_owner(self) -> Self:
        """Orders that nobody has shown to be his by proving their address."""
        return self.filter(user=None)


class Order(models.Model):
    """One purchase of one offer, at the price that was shown."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        CANCELED = "canceled", _("Canceled")

    MOST_CORRECTIONS: Final = 5

    reference = models.CharField(_("reference"), max_length=32, unique=True, default=new_reference)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    visitor = models.CharField(_("checkout session"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("user"),
    )
    email = models.EmailField(_("e-mail"))
    # How often its buyer put the address right: what was mailed before opens nothing any more.
    email_corrections = models.PositiveSmallIntegerField(
        _("corrections of the e-mail"), default=0, db_default=0, editable=False
    )
    language = models.CharField(_("language"), max_length=10)
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="orders", verbose_name=_("offer"))
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="orders", verbose_name=_("price"))
    total_minor = models.BigIntegerField(_("total in minor units"))
    # What a coupon took off: the total is the price less this.
    discount_minor = models.BigIntegerField(_("discount in minor units"), default=0, db_default=0)
    coupon = models.ForeignKey(
        "billing.Coupon",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("coupon"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    # What went back and what is on its way: moved before Stripe is asked, so that no two exceed the total.
    refunded_minor = models.BigIntegerField(_("given back in minor units"), default=0, db_default=0)
    # A membership that begins for nothing: so many days, with a card on file and no payment.
    trial_days = models.PositiveSmallIntegerField(_("free days"), default=0, db_default=0)
    quote_nonce = models.CharField(max_length=32, unique=True, editable=False)
    intent_id = models.CharField(_("PaymentIntent"), max_length=64, unique=True, null=True, blank=True)
    # What tells where the buyer is, kept as evidence: his bank's country, and what he said himself.
    card_country = models.CharField(_("card's country"), max_length=2, default="", blank=True, db_default="")
    # How a buyer who has nothing else at hand is found by staff.
    card_last4 = models.CharField(
        _("card's last four digits"), max_length=4, default="", blank=True, db_default=""
    )
    stated_country = models.CharField(
        _("country by the buyer's word"), max_length=2, default="", blank=True, db_default=""
    )
    # What of the total is tax, split off once when it was paid. No rate: none was known, so none was taken.
    tax_country = models.CharField(_("taxed in"), max_length=2, default="", blank=True, db_default="")
    tax_basis_points = models.PositiveIntegerField(
        _("tax rate in hundredths of a percent"), null=True, blank=True
    )
    tax_minor = models.BigIntegerField(_("tax in minor units"), default=0, db_default=0)
    # Counts the seller's receipts without a gap; taken in the transaction that marks the order paid.
    receipt_number = models.PositiveBigIntegerField(_("receipt"), unique=True, null=True, blank=True)
    # The edition of the terms of sale that his page named; none where the shop had none.
    terms = models.ForeignKey(
        "billing.LegalText",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("terms of sale"),
    )
    created_at = models.DateTimeField(_("created"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [("refund_order", "Can refund orders")]
        constraints = order_promises.CONSTRAINTS
        indexes = [
            # Serve the admin's list, newest first, and its search by address and by card.
            models.Index(fields=["-created_at", "-id"], name="order_newest"),
            models.Index(fields=["email", "-id"], name="order_email"),
            models.Index(fields=["card_last4", "-id"], condition=~Q(card_last4=""), name="order_card_last4"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("billing:order", args=[self.reference])

    @property
    def total_text(self) -> str:
        return money.format_amount(self.total_minor, self.currency)

    @property
    def email_masked(self) -> str:
        """Shows whose address it is to him, and to nobody else."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}…@{domain}"

    @property
    def discount_text(self) -> str:
        return money.format_amount(self.discount_minor, self.currency)

    @property
    def credit_minor(self) -> int:
        """What the unused days of an earlier plan took off, where the order paid for another one."""
        if not (self.offer.is_membership and hasattr(self, "plan_change")):
            return 0
        return self.price.amount_minor - self.total_minor

    @property
    def credit_text(self) -> str:
        return money.format_amount(self.credit_minor, self.currency) if self.credit_minor else ""

    @property
    def tax_text(self) -> str:
        return money.format_amount(self.tax_minor, self.currency)

    @property
    def tax_rate_text(self) -> str:
        """The rate by which tax was split off, "" where none was known."""
        return "" if self.tax_basis_points is None else percent_text(self.tax_basis_points)

    @property
    def is_free(self) -> bool:
        """Whether a coupon left nothing to pay; there is no payment and no intent."""
        return self.total_minor == 0 and not self.is_trial

    @property
    def is_trial(self) -> bool:
        """Whether it begins a membership for nothing: a card was put on file, and none was charged."""
        return self.trial_days > 0

    @property
    def is_paid(self) -> bool:
        return self.state == self.State.PAID

    @property
    def refunded_text(self) -> str:
        return money.format_amount(self.refunded_minor, self.currency)

    @property
    def left_minor(self) -> int:
        """What could still be given back."""
        return self.total_minor - self.refunded_minor

    @property
    def is_refunded(self) -> bool:
        """Whether all of it went back or is on its way."""
        return self.is_paid and self.refunded_minor > 0 and self.left_minor == 0

    def another(self, price: Price, **facts: Any) -> "Order":
        """The same buyer's order at another price, or at this one again; not written yet."""
        same: dict[str, Any] = {
            "visitor": self.visitor,
            "user_id": self.user_id,
            "email": self.email,
            "language": self.language,
            "time_zone": self.time_zone,
            "stated_country": self.stated_country,
            "terms_id": self.terms_id,
        }
        return Order(**same | {"offer": price.offer, "price": price, "currency": price.currency} | facts)

    @property
    def may_correct_email(self) -> bool:
        """Whether its buyer may still put the address right: nobody has proved it to be his."""
        return self.is_paid and self.user_id is None and self.email_corrections < self.MOST_CORRECTIONS

    def correct_email(self, email: str) -> bool:
        """Put the address right, and return whether this call could: only as long as nobody proved the one
        that is there, and only from the one that was read.
        """
        unproved = Order.objects.filter(
            pk=self.pk,
            state=self.State.PAID,
            user=None,
            email=self.email,
            email_corrections__lt=self.MOST_CORRECTIONS,
        )
        changed = unproved.update(email=email, email_corrections=F("email_corrections") + 1)
        self.refresh_from_db(fields=["email", "email_corrections", "user"])
        return bool(changed)

    def reserve_refund(self, amount_minor: int, *, after_minor: int) -> bool:
        """Set a part of what was paid aside to be given back, and return whether this call could.

        `after_minor` is what was given back when somebody decided this: if more has gone since, he decided on
        something else. The database holds the sum below what was paid, whatever is asked at once.
        """
        unchanged = Order.objects.filter(
            pk=self.pk,
            state=self.State.PAID,
            refunded_minor=after_minor,
            total_minor__gte=after_minor + amount_minor,
        )
        changed = unchanged.update(refunded_minor=F("refunded_minor") + amount_minor)
        self.refresh_from_db(fields=["state", "refunded_minor"])
        return bool(changed)

    def release_refund(self, amount_minor: int) -> None:
        """Let a part that was set aside be asked for again, since it did not go back."""
        Order.objects.filter(pk=self.pk).update(refunded_minor=F("refunded_minor") - amount_minor)
        self.refresh_from_db(fields=["refunded_minor"])

    def mark_paid(self, *, intent_id: str | None, at: datetime, **facts: Any) -> bool:
        """Note that the money came and what else is known by that, and return whether this call did it.

        Money may come for a canceled order too. A free order is paid without an intent.
        """
        if self.is_paid:  # for good: the second witness of a sale has nothing to write or to read
            return False
        facts = {"state": self.State.PAID, "intent_id": intent_id, "paid_at": at, **facts}
        changed = Order.objects.filter(pk=self.pk).exclude(state=self.State.PAID).update(**facts)
        if changed:
            for name, value in facts.items():
                setattr(self, name, value)
        else:
            self.refresh_from_db(fields=list(facts))
        return bool(changed)

    def cancel(self) -> bool:
        """Close an order that was never paid, and return whether this call did it."""
        changed = Order.objects.filter(pk=self.pk, state=self.State.OPEN).update(state=self.State.CANCELED)
        self.refresh_from_db(fields=["state"])
        return bool(changed)
