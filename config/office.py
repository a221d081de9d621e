"""The office's door: staff sign in where everybody does, and take a second step."""

from typing import Any, NoReturn

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import second_step


class OfficeSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """Being staff and signed in is not enough: this session went through the second step."""
        return super().has_permission(request) and second_step.is_passed(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        to = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}):
            to = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(to)
        if super().has_permission(request):
            return redirect_to_login(to, reverse("accounts:second_step"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(to)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        """Nobody has a password here."""
        raise Http404
