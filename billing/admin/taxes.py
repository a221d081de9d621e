"""Tax rates, to be read: a table brings them in (`manage.py load_tax_rates`)."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from billing.models import TaxRate


@admin.register(TaxRate)
class TaxRateAdmin(ReadOnlyAdmin[TaxRate]):
    list_display = ("country", "rate", "starts_on")
    search_help_text = _("A country's two letters.")
    fields = ("country", "rate", "starts_on")

    def find(self, term: str) -> Q:
        return Q(country=term.upper())

    @admin.display(description=_("rate"))
    def rate(self, rate: TaxRate) -> str:
        return rate.percent_text
