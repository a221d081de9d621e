"""A member's price changes with a later renewal: by the office, told first and never charged before the days
of notice are over, or by his own wish.
"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.memberships import Membership
from videos.models import Price


class PriceMoveQuerySet(models.QuerySet["PriceMove"]):
    def ahead(self) -> Self:
        """Those that Stripe was not told of yet."""
        return self.filter(applied_at=None, dropped_at=None)


class PriceMove(models.Model):
    """Who moved a membership to which price, and why; nobody where it was its member.

    No renewal before `not_before` costs the new one.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="price_moves", verbose_name=_("membership")
    )
    from_price = models.ForeignKey(
        Price, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("price", "from")
    )
    to_price = models.ForeignKey(
        Price, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("price", "to")
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked and told"))
    not_before = models.DateTimeField(_("not before"))
    applied_at = models.DateTimeField(_("told to Stripe"), null=True, blank=True)
    # Set where the membership ended first.
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    look_after = models.DateTimeField(_("look again after"), null=True, blank=True)

    objects = PriceMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("move to another price")
        verbose_name_plural = _("moves to other prices")
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(applied_at=None, dropped_at=None),
                name="one_price_move_ahead_per_membership",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(dropped_at=None), name="price_move_is_applied_or_dropped"
            ),
            models.CheckConstraint(
                condition=~Q(from_price=F("to_price")), name="price_move_leads_to_another_price"
            ),
        ]
        indexes = [
            # Serves the sweep.
            models.Index(
                fields=["look_after"],
                condition=Q(applied_at=None, dropped_at=None),
                name="price_move_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_price} → {self.to_price}"

    def apply(self, *, at: datetime) -> bool:
        """Note that Stripe charges the new price from the next renewal on; whether this call did it."""
        ahead = PriceMove.objects.ahead().filter(pk=self.pk)
        if not ahead.update(applied_at=at):
            return False
        Membership.objects.filter(pk=self.membership_id).update(price=self.to_price)
        return True

    def drop(self, *, at: datetime) -> bool:
        """Note that there is nothing to move any more, and return whether this call did it."""
        return bool(PriceMove.objects.ahead().filter(pk=self.pk).update(dropped_at=at))
