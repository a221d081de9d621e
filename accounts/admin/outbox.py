from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import mailing
from accounts.admin.letters import LettersAdmin
from accounts.admin.lists import may
from accounts.models import Mail, normalize_email


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("Waiting")),
            ("failing", _("Failing")),
            ("given-up", _("Given up")),
            ("sent", _("Sent")),
            ("twice", _("May have arrived twice")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        waiting = queryset.filter(sent_at=None)
        chosen = {
            "waiting": waiting,
            "failing": waiting.exclude(error=""),
            "given-up": queryset.filter(given_up_at__isnull=False),
            "sent": queryset.exclude(sent_at=None),
            "twice": queryset.filter(may_be_twice=True),
        }
        return chosen.get(self.value() or "", queryset)


@admin.register(Mail)
class MailAdmin(LettersAdmin):
    """Bodies are not shown: they may hold one-time links."""

    list_display = ("to", "template", "created_at", "sent_at", "attempts", "error")
    list_filter = (StateFilter,)
    search_help_text = _("A whole e-mail address, or the beginning of a cause such as receipt:4f2a….")
    fields = (
        "to",
        "template",
        "language",
        "cause",
        "created_at",
        "first_sent_at",
        "sent_at",
        "attempts",
        "error",
        "given_up_at",
        "may_be_twice",
    )
    actions = ("send_again",)

    def find(self, term: str) -> Q:
        return Q(to=normalize_email(term)) if "@" in term else Q(cause__startswith=term)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return may(request, "change", Mail)

    @admin.action(description=_("Send again now"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        now = timezone.now()
        gone = 0
        for mail in queryset:
            if mailing.send_again(mail, at=now):
                gone += 1
                # Where to is told by the mail, for as long as it names somebody.
                self.log_change(request, mail, _now("Sent again."))
        if gone:
            told = ngettext("%d mail went out.", "%d mails went out.", gone) % gone
            self.message_user(request, told, messages.SUCCESS)
        if late := len(queryset) - gone:
            told = ngettext(
                "%d mail could not go out now; it will be tried again by itself.",
                "%d mails could not go out now; they will be tried again by themselves.",
                late,
            )
            self.message_user(request, told % late, messages.WARNING)
