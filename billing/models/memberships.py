"""Memberships: what renews by itself at Stripe, period by period, each paid by an order of its own."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order
from videos.models import Price

# The first payment comes about an hour after a trial; who never paid watches no longer for nothing than this.
_AFTER_TRIAL = timedelta(days=1)


class StripePrice(models.Model):
    """The recurring price at Stripe that stands for one of ours, made when it is first sold.

    A new amount is a new price of ours, and so a new one there.
    """

    price = models.OneToOneField(Price, on_delete=models.PROTECT, related_name="+")
    stripe_id = models.CharField(_("price at Stripe"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("price at Stripe")
        verbose_name_plural = _("prices at Stripe")

    def __str__(self) -> str:
        return self.stripe_id


class MembershipQuerySet(models.QuerySet["Membership"]):
    def living(self) -> Self:
        return self.filter(state__in=[Membership.State.ACTIVE, Membership.State.PAST_DUE])

    def to_end(self) -> Self:
        """Those whose money went back, so that Stripe must not renew them."""
        return self.filter(end_wanted_at__isnull=False).exclude(state=Membership.State.ENDED)


class Membership(models.Model):
    """One subscription at Stripe. `order` is the first one, which the rights and the pass refer to.

    Stripe decides when it renews and when it is over; the row mirrors that, and is never ahead of it.
    """

    class State(models.TextChoices):
        STARTING = "starting", _("Waits for its first payment")
        ACTIVE = "active", _("Active")
        PAST_DUE = "past_due", _("A renewal is not paid")
        ENDED = "ended", _("Ended")

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="membership", verbose_name=_("order")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.STARTING)
    # What the next renewal costs, at Stripe too; empty while it is what the first order cost.
    price = models.ForeignKey(
        Price, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("price")
    )
    customer_id = models.CharField(_("Customer"), max_length=64, unique=True, null=True, blank=True)
    subscription_id = models.CharField(_("Subscription"), max_length=64, unique=True, null=True, blank=True)
    cancels_at_period_end = models.BooleanField(_("ends with its period"), default=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Set where money went back: from then on Stripe has to be told, until it is over there too.
    end_wanted_at = models.DateTimeField(_("to be ended since"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        permissions = [("move_membership", "Can move memberships to a new price")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="ended_membership_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["starting", "ended"]) | Q(subscription_id__isnull=False),
                name="living_membership_has_subscription",
            ),
        ]
        indexes = [
            # Serves the sweep.
            models.Index(
                fields=["look_after"],
                condition=Q(state__in=["active", "past_due"]),
                name="membership_look_after",
            ),
        ]

    def __str__(self) -> str:
        return self.subscription_id or f"{self.order_id}"

    @property
    def current_price(self) -> Price:
        return self.price or self.order.price

    @property
    def is_living(self) -> bool:
        return self.state in (self.State.ACTIVE, self.State.PAST_DUE)

    def paid_until(self) -> datetime | None:
        """The end of the last period that was paid, whichever came last."""
        paid = self.periods.filter(order__state=Order.State.PAID)
        last: datetime | None = paid.aggregate(last=models.Max("ends_at"))["last"]
        return last

    def is_on_trial(self) -> bool:
        """Whether nothing was paid yet: it began with days for nothing."""
        return self.order.is_trial and not self.periods.filter(order__total_minor__gt=0).exists()

    def paid_interval(self) -> str:
        """Whether the last period that was paid is a month or a year; "" before any was."""
        paid = self.periods.filter(order__state=Order.State.PAID).order_by("ends_at")
        return paid.values_list("order__offer__interval", flat=True).last() or ""

    def opens_until(self) -> datetime | None:
        """Until when it opens anything: what was paid, and days of grace while a renewal may still come.

        What was paid is watched to its end, also where Stripe ended it before; free days end with it.
        """
        paid_until = self.paid_until()
        if paid_until is None:
            return None
        grace = min(_grace(), _AFTER_TRIAL) if self.is_on_trial() else _grace()
        if self.ended_at is not None:
            until = min(self.ended_at, paid_until + grace)
            return until if self.is_on_trial() else max(until, paid_until)
        return paid_until if self.cancels_at_period_end else paid_until + grace

    def begin(self, *, at: datetime) -> bool:
        """Note that the first payment came, and return whether this call did it."""
        begun = Membership.objects.filter(pk=self.pk, state=self.State.STARTING)
        changed = begun.update(state=self.State.ACTIVE, look_after=at)
        self.refresh_from_db(fields=["state", "look_after"])
        return bool(changed)

    def change_plan(self, order: Order, *, at: datetime) -> None:
        """Note that this order paid for another plan, which counts from its period on."""
        Membership.objects.filter(pk=self.pk).update(price=order.price_id, look_after=at)
        self.plan_changes.filter(order=order, closed_at=None).update(closed_at=at)
        self.refresh_from_db(fields=["price", "look_after"])

    def bind(self, **ids: str) -> None:
        """Keep a name that Stripe gave; one that is kept already stands."""
        for name, value in ids.items():
            Membership.objects.filter(pk=self.pk, **{name: None}).update(**{name: value})
        self.refresh_from_db(fields=list(ids))

    def want_end(self, *, at: datetime) -> None:
        """Note that Stripe must not renew it any more. Again: the first time stands."""
        Membership.objects.filter(pk=self.pk, end_wanted_at=None).update(end_wanted_at=at)

    def let_live(self) -> None:
        """Take that back, since the money did not go after all. What has ended at Stripe stays so."""
        Membership.objects.to_end().filter(pk=self.pk).update(end_wanted_at=None)

    def follow(self, *, state: str, cancels_at_period_end: bool, ended_at: datetime | None) -> bool:
        """Take over how it stands at Stripe, and return whether that is news. What has ended stays so."""
        if self.state == self.State.ENDED:
            return False
        facts: dict[str, Any] = {
            "state": state,
            "cancels_at_period_end": cancels_at_period_end,
            "ended_at": ended_at,
        }
        changed = any(getattr(self, name) != value for name, value in facts.items())
        for name, value in facts.items():
            setattr(self, name, value)
        if changed:
            self.save(update_fields=list(facts))
        return changed


class MembershipPeriod(models.Model):
    """What one invoice pays for. Its order is unpaid only where it is the first."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="periods")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="period")
    invoice_id = models.CharField(_("Invoice"), max_length=64, unique=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    # When its member was told of what comes after it.
    noticed_at = models.DateTimeField(_("notice given"), null=True, blank=True)

    class Meta:
        verbose_name = _("period of a membership")
        verbose_name_plural = _("periods of memberships")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="period_ends_after_start"),
        ]
        indexes = [
            # Serves the sweep of notices.
            models.Index(fields=["ends_at"], condition=Q(noticed_at=None), name="period_to_notice"),
        ]

    def __str__(self) -> str:
        return self.invoice_id


def _grace() -> timedelta:
    return timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
