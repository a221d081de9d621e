"""Who had a collection for nothing already: one row for each trial that began."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.orders import Order
from videos.models import Collection


class TrialManager(models.Manager["Trial"]):
    def claim(self, order: Order, *, card_fingerprint: str) -> bool:
        """Note that the order's trial begins, and return whether its buyer and his card may have one.

        Call it in the transaction that lets it begin. Again for the same order: as the first time.
        """
        defaults: dict[str, Any] = {
            "collection": order.offer.collection,
            "user_id": order.user_id,
            "card_fingerprint": card_fingerprint,
        }
        try:
            with transaction.atomic():
                self.get_or_create(order=order, defaults=defaults)
        except IntegrityError:
            return False
        return True


class Trial(models.Model):
    """One trial of a collection, of whichever of its memberships; the database refuses a second."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="trial", verbose_name=_("order")
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, related_name="+", verbose_name=_("collection")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    # What tells cards apart at Stripe; empty where it did not tell.
    card_fingerprint = models.CharField(_("card's fingerprint"), max_length=64, blank=True)

    objects = TrialManager()

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "card_fingerprint"],
                condition=~Q(card_fingerprint=""),
                name="one_trial_per_collection_card",
            ),
            models.UniqueConstraint(
                fields=["collection", "user"],
                condition=Q(user__isnull=False),
                name="one_trial_per_collection_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}/{self.order_id}"
