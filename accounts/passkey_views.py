"""A user's passkeys, and signing in with one. The browser's part is the library's script."""

from allauth.account.models import Login
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import passkeys, signed_in, tasks, ways_in, ways_in_views
from accounts.jobs import hint
from accounts.models import User
from accounts.views import show_sign_in, way_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """`remove` names one that shall open the account no more; else the device's new one is in the form."""
    user = ways_in_views.who(request, "accounts:passkeys")
    if not isinstance(user, User):
        return user
    if request.method != "POST":
        return _shown(request, user)
    language = get_language() or "en"
    if key := request.POST.get("remove", ""):
        is_done, told = passkeys.remove(user, key, language=language), "removed"
    else:
        try:
            passkeys.add(
                user,
                given=request.POST,
                name=request.POST.get("name", "") or _name(request),
                language=language,
            )
        except passkeys.NotGood:
            return _shown(request, user, refusal=_("That passkey was not made for this page. Try again."))
        except ways_in.TooMany:
            return ways_in_views.sent_to("accounts:passkeys")
        is_done, told = True, "added"
    hint(tasks.send_mail)
    return ways_in_views.sent_to("accounts:passkeys", done=told if is_done else "")


@require_http_methods(["GET", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The script asks for the question by GET and posts the device's answer. Which passkeys there are, or
    whose, is told to nobody.
    """
    if request.method == "GET":
        return JsonResponse({"request_options": passkeys.begin_signing_in()})
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        authenticator = passkeys.recognise(request.POST)
    except passkeys.NotGood:
        told = _("That passkey does not open anything here. Let us mail you a code.")
        return show_sign_in(request, refusal=told)
    if not authenticator.user.is_active:
        return show_sign_in(request, refusal=_("This account is closed."))
    to = way_of(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
    login = Login(user=authenticator.user, redirect_url=to)
    answer: HttpResponse = perform_passwordless_login(request, authenticator, login)
    return answer


def _shown(request: HttpRequest, user: User, *, refusal: str = "") -> HttpResponse:
    held = passkeys.of(user)
    return ways_in_views.shown(
        *(request, "accounts/passkeys.html", held, refusal),
        options={"creation_options": passkeys.begin_adding(user)} if len(held) < ways_in.MOST else None,
        name=_name(request),
    )


def _name(request: HttpRequest) -> str:
    return signed_in.device_name(request.headers.get("User-Agent", "")) or _("A browser")
