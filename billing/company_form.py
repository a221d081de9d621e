"""The form by which a buyer names the company that he bought for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.buying import selling
from billing.buying.refusal_sentences import REFUSALS
from billing.models import Company, Order
from billing.receipts import companies
from billing.taxing import tax_ids

_FIELD = "field__input"


def _countries() -> list[tuple[str, str]]:
    named = [(code, str(name)) for code, name in tax_ids.COUNTRIES.items()]
    return [("", ""), *sorted(named, key=lambda each: each[1])]


class CompanyForm(forms.Form):
    name = forms.CharField(
        label=_("Company"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": _FIELD, "autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": _FIELD, "rows": 4, "autocomplete": "street-address"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=_countries,
        widget=forms.Select(attrs={"class": _FIELD, "autocomplete": "country"}),
    )
    tax_id = forms.CharField(
        label=_("Tax ID, if there is one"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": _FIELD, "autocomplete": "off", "spellcheck": "false"}),
    )

    @classmethod
    def about(cls, company: Company | None) -> "CompanyForm":
        """As a page first shows it, with what was named before."""
        return cls(initial={name: getattr(company, name, "") for name in cls.base_fields})

    def put_on(self, order: Order) -> bool:
        """Name the company of a valid form, and return whether that was done; if not, the form says why."""
        given = self.cleaned_data
        try:
            selling.check_wishes()
            companies.name(
                order,
                company=given["name"],
                address=given["address"],
                country=given["country"],
                tax_id=given["tax_id"],
                at=timezone.now(),
            )
        except tax_ids.NotATaxId:
            told = _("No tax ID of this country is written like that. Look at both once more.")
            self.add_error("tax_id", told)
        except companies.TooMany:
            self.add_error(None, _("This was corrected too often. Write to us, and we see to it."))
        except selling.ReadOnly as error:
            self.add_error(None, str(REFUSALS[type(error)][1]))
        return not self.errors
