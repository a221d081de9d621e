"""How the office behaves everywhere: lists by key, a search per indexed column, no deletes."""

from datetime import datetime
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.paginator import Paginator
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _now

_M = TypeVar("_M", bound=Model)
_COUNTED_AT_MOST = 1000
BACK_TO = "_back_to"


class KeysetChangeList(ChangeList):
    """Newest first; a page begins below a row's key, so that the millionth row is as near as the first.

    Django's page parameter carries that key. Nothing lies below 1, its default, which here means the newest.
    """

    older = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capfirst(str(self.opts.verbose_name_plural))  # Django's own is no Korean sentence

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        rows = self.queryset.filter(pk__lt=self.page_num) if self.page_num > 1 else self.queryset
        found = list(rows[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(self.result_list)
        self.paginator = None
        if len(found) > self.list_per_page:
            self.older = self.get_query_string({PAGE_VAR: self.result_list[-1].pk})

    @property
    def newest(self) -> str:
        """Where the list begins, or nothing if this is there."""
        return self.get_query_string() if self.page_num > 1 else ""


class CappedPaginator(Paginator[Any]):
    """For the choices of a field, the one place that still counts: no further than a thousand."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:_COUNTED_AT_MOST].count())


class OfficeAdmin(admin.ModelAdmin[_M]):
    """The base of every page. An action for many rows is also a button on each row's own page."""

    list_per_page = 30
    ordering = ("-pk",)
    sortable_by = ()
    show_full_result_count = False
    paginator = CappedPaginator
    search_fields = ("pk",)  # Django shows the search by this; `find` is what looks
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER  # each would count the table

    class Media:
        css = {"all": ["css/office.css"]}

    def find(self, term: str) -> Q:
        """Say where to look for what was typed: by its form, in one indexed column."""
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[_M], search_term: str
    ) -> tuple[QuerySet[_M], bool]:
        term = search_term.strip()
        return queryset.filter(self.find(term)) if term else queryset, False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """A moment is two inputs, and Django has one label, which belongs to neither."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, AdminSplitDateTime):
            for part, what in zip(field.widget.widgets, (_now("date"), _now("time")), strict=True):
                part.attrs["aria-label"] = f"{capfirst(field.label)}, {what}"
        return field

    def save_model(self, request: HttpRequest, obj: _M, form: Any, change: bool) -> None:
        """Of a row that is there only what was typed is written: verbs move the rest meanwhile, as the uses
        of a coupon, the leaving of a film, and all of who is erased.
        """
        typed = [field.name for field in obj._meta.concrete_fields if field.name in form.changed_data]
        obj.save(update_fields=typed if change else None)

    def has_delete_permission(self, request: HttpRequest, obj: _M | None = None) -> bool:
        return False

    def is_open_to(self, action: str, row: _M) -> bool:
        """Whether a row's own page offers an action. The list offers each, and the action itself refuses."""
        return True

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        row: _M | None = kwargs.get("obj")
        actions = filter(None, self.get_actions(request).values())
        buttons = [(name, label) for _, name, label in actions if row is None or self.is_open_to(name, row)]
        return super().render_change_form(request, context | {"row_actions": buttons}, *args, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[_M], *args: Any
    ) -> HttpResponse | None:
        response = super().response_action(request, queryset, *args)
        row = request.POST.get(BACK_TO, "")
        if row and isinstance(response, HttpResponseRedirect):
            names = self.opts.app_label, self.opts.model_name
            return HttpResponseRedirect(reverse("admin:{}_{}_change".format(*names), args=[row]))
        return response


class ReadOnlyAdmin(OfficeAdmin[_M]):
    """Rows that only the shop's own verbs write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: _M | None = None) -> bool:
        return False


def may(request: HttpRequest, act: str, model: type[Model]) -> bool:
    """This will tell whether the signed-in person holds Django's right to `act` ("change") on such rows."""
    return request.user.has_perm(f"{model._meta.app_label}.{act}_{model._meta.model_name}")


def moment_text(at: datetime | None) -> str:
    """This will write an instant as lists do by themselves; a row's own page shows what a method gives."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "-"
