"""A user's passkeys, and signing in with one. The browser's part is the library's script."""

from allauth.account.models import Login
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import passkeys, second_step, signed_in, tasks
from accounts.jobs import hint
from accounts.models import User
from accounts.views import show_sign_in, way_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Whoever may enter the office passes its door first."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(request.get_full_path())
    if user.is_staff and not second_step.is_passed(request):
        return redirect_to_login(request.get_full_path(), reverse("accounts:second_step"))
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
        except passkeys.TooMany:
            return _shown(request, user, refusal=_("You have ten passkeys. Remove one first."))
        is_done, told = True, "added"
    hint(tasks.send_mail)
    response = redirect("accounts:passkeys")
    response["Location"] += f"?done={told}" if is_done else ""
    return response


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
    context = {
        "shelf": "account",
        "passkeys": held,
        "options": {"creation_options": passkeys.begin_adding(user)} if len(held) < passkeys.MOST else None,
        "name": _name(request),
        "refusal": refusal,
        "done": request.GET.get("done", ""),
    }
    return render(request, "accounts/passkeys.html", context)


def _name(request: HttpRequest) -> str:
    return signed_in.device_name(request.headers.get("User-Agent", "")) or _("A browser")
