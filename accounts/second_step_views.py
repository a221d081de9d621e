"""Setting up the second step, and passing it. Only staff have one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import second_step, signed_in
from accounts.models import User

View = Callable[[HttpRequest, User], HttpResponse]


def _for_staff(view: View) -> Callable[[HttpRequest], HttpResponse]:
    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (isinstance(request.user, User) and request.user.is_staff):
            raise PermissionDenied
        return view(request, request.user)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_for_staff
def step(request: HttpRequest, user: User) -> HttpResponse:
    if second_step.is_passed(request):
        return HttpResponseRedirect(_way(request))
    return _pass(request, user) if second_step.has_one(user) else _set_up(request, user)


@require_POST
@never_cache
@_for_staff
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    if not (second_step.is_passed(request) and second_step.has_one(user)):
        return redirect("accounts:second_step")
    return _codes(request, second_step.new_recovery_codes(user))


def _pass(request: HttpRequest, user: User) -> HttpResponse:
    form = AuthenticateForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        signed_in.rename_session(request)
        return HttpResponseRedirect(_way(request))
    return _shown(request, form, {})


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = ActivateTOTPForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            return _codes(request, second_step.set_up(request, form, user))
        except second_step.AlreadySetUp:
            return HttpResponseRedirect(request.get_full_path())
    adapter = get_adapter()
    secret = str(form.secret)
    picture = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    context = {
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": picture[picture.index("<svg") :],
    }
    return _shown(request, form, context)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "way": _way(request)})


def _shown(request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    form.fields["code"].widget.attrs.pop("placeholder", None)
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
    return render(request, "accounts/second_step.html", {"form": form, "next": _way(request), **context})


def _way(request: HttpRequest) -> str:
    """On to where one was kept from, and to the office by default."""
    to = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return to if is_ours and to.isprintable() else reverse("admin:index")
