"""The switches of a film's and a channel's player, as they are set in the office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from videos.models import Channel

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
    class Meta:
        model = Channel
        fields = ("key", "name", *FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_switches(self, _("As Kollus has it"))


@admin.register(Channel)
class ChannelAdmin(OfficeAdmin[Channel]):
    form = ChannelForm
    list_display = ("key", "name", "is_ours", "shows_code", "locks_seeking", "locks_speed")
    search_help_text = _("A channel's key.")
    fieldsets = (
        (None, {"fields": ("key", "name")}),
        (_("What its films' players forbid"), {"fields": FIELDS}),
    )

    def find(self, term: str) -> Q:
        return Q(key=term)

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    @admin.display(description=_("the shop's own"), boolean=True)
    def is_ours(self, channel: Channel) -> bool:
        return channel.is_the_shops
