"""The company that a buyer bought for, as he named it after the purchase."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.orders import Order


class Company(models.Model):
    """One wording of who an order was bought for. A correction is a further row, and the last one counts.

    It names people and addresses: it stays in this table, and goes neither to Stripe nor into logs.
    """

    AT_MOST = 10

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="companies")
    number = models.PositiveSmallIntegerField(_("wording"))
    name = models.CharField(_("company"), max_length=120)
    address = models.CharField(pgettext_lazy("company", "address"), max_length=300)
    country = models.CharField(_("country"), max_length=2)
    tax_id = models.CharField(_("tax ID"), max_length=30, blank=True)
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="wordings_are_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=10), name="few_wordings_per_order"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(address="") & ~Q(country=""), name="company_can_be_addressed"
            ),
        ]

    def __str__(self) -> str:
        return self.name
