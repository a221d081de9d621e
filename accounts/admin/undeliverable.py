from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.lists import ReadOnlyAdmin, may
from accounts.models import Undeliverable, normalize_email


@admin.register(Undeliverable)
class UndeliverableAdmin(ReadOnlyAdmin[Undeliverable]):
    """An order with such an address asks its buyer for another one."""

    list_display = ("address", "told", "code", "since")
    list_filter = ("told",)
    search_help_text = _("A whole e-mail address.")
    fields = ("address", "told", "code", "since")
    actions = ("forget",)

    def find(self, term: str) -> Q:
        return Q(address=normalize_email(term))

    def has_forget_permission(self, request: HttpRequest) -> bool:
        return may(request, "change", Undeliverable)

    @admin.action(description=_("It takes mail again"), permissions=["forget"])
    def forget(self, request: HttpRequest, queryset: QuerySet[Undeliverable]) -> None:
        self.log_deletions(request, queryset)
        gone, _rows = queryset.delete()
        told = ngettext("%d address is written to as ever.", "%d addresses are written to as ever.", gone)
        self.message_user(request, told % gone, messages.SUCCESS)
