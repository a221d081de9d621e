"""Signing in on one screen: the address, then the code that was mailed there. No passwords."""

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import proving, sign_in_codes, tasks, typos
from accounts.forms import AddressForm, CodeForm
from accounts.jobs import hint
from accounts.models import SignInCode

_KEY = "sign_in"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(way_of(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.method == "POST":
        return _try_code(request) if "code" in request.POST else _ask(request)
    wish = sign_in_codes.find(str(request.session.get(_KEY, "")))
    if wish is None or "again" in request.GET or not wish.is_open(at=timezone.now()):
        return _shown(request, AddressForm())
    return _shown(request, CodeForm(), wish)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link opens. Looking changes nothing; the button signs in."""
    now = timezone.now()
    wish = sign_in_codes.find_by_link(token, at=now)
    if wish is not None and request.method == "POST" and sign_in_codes.use_link(wish, at=now):
        return _let_in(request, wish)
    gone = wish is None or wish.used_at is not None
    context = {"wish": wish, "is_gone": gone}
    response = render(request, "accounts/enter.html", context, status=404 if gone else 200)
    # The address is the key; without any referrer a browser names no origin when the button posts.
    response["Referrer-Policy"] = "same-origin"
    return response


def _ask(request: HttpRequest) -> HttpResponse:
    """One answer for every address: whether it is known here is told only to its mailbox."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    wish = sign_in_codes.ask(
        email=form.cleaned_data["email"],
        then=way_of(request),
        language=get_language() or "en",
        at=timezone.now(),
    )
    request.session[_KEY] = wish.nonce
    hint(tasks.send_mail)
    return redirect("accounts:sign_in")


def _try_code(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    wish, form = sign_in_codes.find(str(request.session.get(_KEY, ""))), CodeForm(request.POST)
    if wish is None or not wish.is_open(at=now):
        return _shown(request, AddressForm(), refusal=_("That code is not good any more. Ask for a new one."))
    if not form.is_valid():
        return _shown(request, form, wish)
    if sign_in_codes.use_code(wish, form.cleaned_data["code"], at=now):
        return _let_in(request, wish)
    if wish.is_open(at=now):
        form.add_error("code", _("That is not the code of the newest mail. Look again."))
        return _shown(request, form, wish)
    return _shown(
        request, AddressForm(), refusal=_("That was the last try with this code. Ask for a new one.")
    )


def _let_in(request: HttpRequest, wish: SignInCode) -> HttpResponse:
    """The session gets a new name and keeps what it holds: the passes, the currency, an open purchase."""
    user = proving.prove(wish.email)
    if not user.is_active:
        return _shown(request, AddressForm(), refusal=_("This account is closed."))
    request.session.pop(_KEY, None)
    to = wish.then or resolve_url(settings.LOGIN_REDIRECT_URL)
    answer: HttpResponse = perform_login(request, user, redirect_url=to, email=wish.email)
    return answer


def show_sign_in(request: HttpRequest, *, refusal: str) -> HttpResponse:
    """The first screen again, with what did not work."""
    return _shown(request, AddressForm(), refusal=refusal)


def _shown(
    request: HttpRequest, form: forms.Form, wish: SignInCode | None = None, *, refusal: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "wish": wish,
        "suggestion": typos.suggest(wish.email) if wish else "",
        "refusal": refusal,
        "next": way_of(request),
    }
    return render(request, "accounts/sign_in.html", context)


def way_of(request: HttpRequest) -> str:
    """Where signing in shall lead; nowhere outside this shop."""
    to = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    is_text = to.isprintable() and len(to) <= SignInCode.LONGEST_WAY
    return to if is_ours and is_text else ""
