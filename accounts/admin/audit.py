from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.models import User, normalize_email


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin[LogEntry]):
    """Who of the staff did what, and why where a reason was asked for."""

    list_display = ("action_time", "user", "what", "object_repr", "content_type")
    list_display_links = None
    list_select_related = ("user", "content_type")
    list_filter = ("action_flag",)
    search_help_text = _("The e-mail address of a colleague.")

    def find(self, term: str) -> Q:
        return Q(user=User.objects.filter(email=normalize_email(term)).values("id")[:1])

    @admin.display(description=_("what"))
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message()
