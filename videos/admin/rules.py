"""The switches of a film's and a channel's player, as they are set in the office."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from accounts.models import User
from videos import console_checks
from videos.models import Channel, ConsoleCheck

Item = ConsoleCheck.Item

FIELDS = (
    *("shows_code", "locks_seeking", "locks_speed", "output_protection"),
    *("longest_viewing_minutes", "blocks_displays", "blocks_virtual_machines"),
)
_SWITCHES = ("shows_code", "locks_seeking", "locks_speed", "blocks_displays", "blocks_virtual_machines")


class Switch(forms.NullBooleanSelect):
    """Yes, no, or left open, with the words for what that means."""

    def __init__(self, left_open: Any) -> None:
        super().__init__()
        self.choices = [("unknown", left_open), ("true", _("Yes")), ("false", _("No"))]


def word_switches(form: forms.BaseForm, left_open: Any) -> None:
    """This will have a form's switches say what holds where they are left open."""
    for name in _SWITCHES:
        if name in form.fields:
            form.fields[name].widget = Switch(left_open)
    if "output_protection" in form.fields:
        choices: Any = form.fields["output_protection"]
        choices.choices = [("", left_open), *choices.choices[1:]]


class ChannelForm(forms.ModelForm[Channel]):
    """With a box for each thing that is set in Kollus' console; beside a ticked one, by whom and when."""

    capture = forms.BooleanField(label=Item.CAPTURE.label, required=False)
    country = forms.BooleanField(label=Item.COUNTRY.label, required=False)
    referrer = forms.BooleanField(label=Item.REFERRER.label, required=False)
    duplicates = forms.BooleanField(label=Item.DUPLICATES.label, required=False)

    class Meta:
        model = Channel
        fields = ("key", "name", *FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_switches(self, _("As Kollus has it"))
        checks = self.instance.console_checks.select_related("checked_by") if self.instance.pk else ()
        for check in checks:
            self.initial[check.item] = True
            if check.item in self.fields:
                self.fields[check.item].help_text = _("%(who)s, %(when)s") % {
                    "who": check.checked_by,
                    "when": date_format(localtime(check.checked_at), "DATETIME_FORMAT"),
                }


@admin.register(Channel)
class ChannelAdmin(OfficeAdmin[Channel]):
    form = ChannelForm
    list_display = ("key", "name", "is_ours", "shows_code", "locks_seeking", "locks_speed")
    search_help_text = _("A channel's key.")
    fieldsets = (
        (None, {"fields": ("key", "name")}),
        (_("What its films' players forbid"), {"fields": FIELDS}),
        (
            _("Seen to in Kollus' console"),
            {
                "fields": tuple(Item.values),
                "description": _(
                    "Only Kollus can set these, and nobody but you can see whether they are. Tick what you"
                    " have looked at there: your name and the time stay with it."
                ),
            },
        ),
    )

    def find(self, term: str) -> Q:
        return Q(key=term)

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by, at = cast(User, request.user), timezone.now()  # the admin lets nobody else in
        for item in Item:
            if form.cleaned_data.get(item.value):
                console_checks.tick(obj, item, by=by, at=at)
            elif item.value in form.fields:
                console_checks.take_back(obj, item)

    @admin.display(description=_("the shop's own"), boolean=True)
    def is_ours(self, channel: Channel) -> bool:
        return channel.is_the_shops
