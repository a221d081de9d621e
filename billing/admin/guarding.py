"""How hard somebody tries, to be read: what is hot, since when, and by how much."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from billing.guarding import velocity
from billing.models import Heat


@admin.register(Heat)
class HeatAdmin(ReadOnlyAdmin[Heat]):
    list_display = ("key", "since", "count", "limit", "state")
    search_help_text = _("The beginning of what it is counted by: shop, offer:, sum:, card:, free or link.")
    fields = ("key", "since", "count", "limit", "state")

    def find(self, term: str) -> Q:
        return Q(key__startswith=term)

    @admin.display(description=_("borne"))
    def limit(self, heat: Heat) -> int:
        return velocity.limit_of(heat.key)

    @admin.display(description=_("state"))
    def state(self, heat: Heat) -> str:
        """A word and no green tick: to be hot is no good news."""
        return str(_("hot")) if heat.count > velocity.limit_of(heat.key) else ""
