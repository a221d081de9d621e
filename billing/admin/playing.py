"""It doesn't play: a buyer is found by what he can tell, and what happened to his viewings is read."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.admin.lists import may
from billing import viewings
from videos.models import PlaybackSession


def url(office: ModelAdmin[Any]) -> URLPattern:
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        """For `?q=` with an address, a reference or a card's last four digits."""
        if not (office.has_view_permission(request) and may(request, "view", PlaybackSession)):
            raise PermissionDenied
        term = request.GET.get("q", "").strip()[:254].replace("\0", "")
        orders = viewings.find_orders(term)
        context = {
            "title": _("It doesn't play"),
            "opts": office.opts,
            "term": term,
            "orders": orders,
            "moments": viewings.told(orders) if orders else [],
        }
        site = office.admin_site.each_context(request)
        return render(request, "admin/billing/order/playing.html", site | context)

    return path("playing/", office.admin_site.admin_view(page), name="billing_order_playing")
