"""A member who pays the difference for another plan: one wish at a time, each an order of its own."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.memberships import Membership
from billing.models.orders import Order


class PlanChangeQuerySet(models.QuerySet["PlanChange"]):
    def under_way(self) -> Self:
        return self.filter(closed_at=None)


class PlanChange(models.Model):
    """What a member asked for: its order names the new price and what is due for it now.

    It is under way until the order is paid, or is closed with nothing changed.
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="plan_change", verbose_name=_("order")
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="plan_changes", verbose_name=_("membership")
    )
    # Up to which instant the present plan is used up: the sum that was shown holds for this one.
    prorated_at = models.DateTimeField(_("reckoned up to"))
    asked_at = models.DateTimeField(_("asked"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of plan")
        verbose_name_plural = _("changes of plan")
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(closed_at=None),
                name="one_plan_change_under_way_per_membership",
            ),
        ]
        indexes = [
            # Serves the sweep.
            models.Index(fields=["asked_at"], condition=Q(closed_at=None), name="plan_change_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}"

    def close(self, *, at: datetime) -> bool:
        """Note that it is over, and return whether this call did it."""
        return bool(PlanChange.objects.under_way().filter(pk=self.pk).update(closed_at=at))
