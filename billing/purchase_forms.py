"""The forms by which somebody finds what he bought: by the day, and by the address if it was elsewhere."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import AddressForm
from billing.owning import days


class DayField(forms.Field):
    """A day, which may be left out."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: str | None) -> date | None:
        if not value:
            return None
        if (day := days.read(value)) is None:
            raise ValidationError(_("Write the day as 2026-07-01, the year first."))
        return day

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.widget.attrs["max"] = days.latest(timezone.now()).isoformat()
        return super().get_bound_field(form, field_name)


class DayForm(forms.Form):
    on = DayField(label=_("Day of the purchase"))

    @property
    def day(self) -> date | None:
        """What is asked for; nothing, too, where it can't be read, and the form says so."""
        return self.cleaned_data.get("on") if self.is_valid() else None


class FindForm(AddressForm):
    on = DayField(label=_("Day of the purchase, if you know it"))
