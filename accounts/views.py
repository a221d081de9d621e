"""Signing in on one screen: the address, then the code that was mailed there. No passwords."""

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import proving, sign_in_codes, tasks, typos
from accounts.forms import AddressForm, CodeForm
from accounts.jobs import hint
from accounts.models import SignInCode
from accounts.social import linking, providers

_KEY = "sign_in"
# What became of a way to another site that signed nobody in.
_TOLD = {
    "denied": gettext_lazy("You did not go on at %(name)s. Nothing changed: try again, or take another way."),
    "failed": gettext_lazy("%(name)s could not tell us who you are. Try again, or let us mail you a code."),
    "nowhere": gettext_lazy("%(name)s gave us no e-mail address. Let us mail you a code, and link it then."),
    "closed": gettext_lazy("This account is closed."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(way_of(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.method == "POST":
        return _try_code(request) if "code" in request.POST else _ask(request)
    if sentence := _TOLD.get(request.GET.get("told", "")):
        by = providers.label(request.GET.get("by", "")) or _("The other site")
        return _shown(request, AddressForm(), refusal=sentence % {"name": by})
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
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    return mail_code(request, email=form.cleaned_data["email"], then=way_of(request))


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
    linking.finish(request.session, wish, user, language=get_language() or "en")
    to = wish.then or resolve_url(settings.LOGIN_REDIRECT_URL)
    answer: HttpResponse = perform_login(request, user, redirect_url=to, email=wish.email)
    return answer


def mail_code(request: HttpRequest, *, email: str, then: str) -> HttpResponse:
    """One answer for every address: whether it is known here is told only to its mailbox. `then` is where
    signing in leads, within this shop.
    """
    was = sign_in_codes.find(str(request.session.get(_KEY, "")))
    wish = sign_in_codes.ask(email=email, then=then, language=get_language() or "en", at=timezone.now())
    linking.ask_again(request.session, was, wish)
    keep_wish(request, wish)
    hint(tasks.send_mail)
    return redirect("accounts:sign_in")


def keep_wish(request: HttpRequest, wish: SignInCode) -> None:
    """This browser may type the code of this wish."""
    request.session[_KEY] = wish.nonce


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
        "providers": [] if wish else providers.offered(),
        "waits_for": providers.label(linking.waiting(request.session, wish)),
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
