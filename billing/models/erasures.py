"""That somebody was erased, and what of him Stripe has still to be told."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One person, of whom nothing is left but what stands under the pseudonym."""

    class By(models.TextChoices):
        PERSON = "person", _("The person")
        STAFF = "staff", _("Staff")

    pseudonym = models.EmailField(_("pseudonym"), unique=True)
    by = models.CharField(_("wanted by"), max_length=10, choices=By.choices)
    erased_at = models.DateTimeField(_("erased"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return self.pseudonym


class ErasedCustomer(models.Model):
    """A Customer at Stripe that has to go there too; its payments stay. Written before Stripe is asked."""

    customer_id = models.CharField(_("Customer"), max_length=64, unique=True)
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="customers")
    forgotten_at = models.DateTimeField(_("forgotten by Stripe"), null=True, blank=True)

    class Meta:
        verbose_name = _("erased customer")
        verbose_name_plural = _("erased customers")
        indexes = [
            # Serves the sweep.
            models.Index(fields=["id"], condition=models.Q(forgotten_at=None), name="customer_to_forget"),
        ]

    def __str__(self) -> str:
        return self.customer_id

    def mark_forgotten(self, *, at: datetime) -> bool:
        """Note that Stripe has no such customer any more, and return whether this call did."""
        waiting = ErasedCustomer.objects.filter(pk=self.pk, forgotten_at=None)
        return bool(waiting.update(forgotten_at=at))
