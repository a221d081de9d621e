"""To Google, Kakao or Naver and back, in the same tab; and what opens one's account from there."""

from typing import Final

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sign_in_codes, tasks, ways_in, ways_in_views
from accounts.jobs import hint
from accounts.models import User
from accounts.social import linking, providers
from accounts.social.providers import Denied, Failed, Profile, Way
from accounts.views import keep_wish, way_of
from accounts.ways_in_views import sent_to, who

_PAGE: Final = "accounts:social"
_NOTHING: Final = _("%(by)s told us nothing, and nothing changed. Try again if you like.")
_REFUSALS: Final = {
    "taken": _("That account at %(by)s opens another account here. Remove it there first."),
    "denied": _NOTHING,
    "failed": _NOTHING,
}


@require_POST
@never_cache
def start(request: HttpRequest, provider: str) -> HttpResponse:
    """`link` in the form: the account there shall open the one that is signed in here."""
    _offered(provider)
    is_linking = "link" in request.POST
    if request.user.is_authenticated and not is_linking:
        return redirect(way_of(request) or settings.LOGIN_REDIRECT_URL)
    if is_linking and not isinstance(door := who(request, _PAGE), User):
        return door
    way = Way(is_linking, get_language() or settings.LANGUAGE_CODE, way_of(request))
    return providers.begin(request, provider, way)


@require_http_methods(["GET"])
@never_cache
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """Where a provider sends the browser. Always on to another page: this address holds a code."""
    _offered(provider)
    try:
        way = providers.take_way(request, provider)
    except Failed:
        return _told("failed", provider)
    with translation.override(way.language):
        try:
            profile = providers.ask(request, provider, way)
        except Denied:
            return _told("denied", provider, way)
        except Failed:
            return _told("failed", provider, way)
        if way.is_linking:
            return _link(request, profile, way)
        return _sign_in(request, profile, way)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """`remove` names one that shall open the account no more."""
    user = who(request, _PAGE)
    if not isinstance(user, User):
        return user
    if request.method == "POST":
        key = request.POST.get("remove", "")
        is_done = key.isdecimal() and len(key) < 19 and linking.unlink(user, int(key), language=_language())
        hint(tasks.send_mail)
        return sent_to(_PAGE, done="removed" if is_done else "")
    by = providers.label(request.GET.get("by", ""))
    refusal = _REFUSALS.get(request.GET.get("done", ""), "")
    return ways_in_views.shown(
        *(request, "accounts/social.html", linking.of(user), refusal % {"by": by}),
        providers=providers.offered(),
    )


def _sign_in(request: HttpRequest, profile: Profile, way: Way) -> HttpResponse:
    if request.user.is_authenticated:  # in another tab, meanwhile
        return redirect(way.then or settings.LOGIN_REDIRECT_URL)
    user = linking.owner(profile, language=way.language)
    if user is None:
        return _ask_for_code(request, profile, way)
    if not user.is_active:
        return _told("closed", profile.provider, way)
    hint(tasks.send_mail)
    to = way.then or resolve_url(settings.LOGIN_REDIRECT_URL)
    answer: HttpResponse = perform_login(request, user, redirect_url=to, email=user.email)
    return answer


def _ask_for_code(request: HttpRequest, profile: Profile, way: Way) -> HttpResponse:
    """An address that the provider does not vouch for gets a code, and opens nothing until that is typed."""
    if not profile.email:
        return _told("nowhere", profile.provider, way)
    wish = sign_in_codes.ask(email=profile.email, then=way.then, language=way.language, at=timezone.now())
    keep_wish(request, wish)
    linking.wait_for_code(request.session, profile, wish)
    hint(tasks.send_mail)
    return sent_to("accounts:sign_in")


def _link(request: HttpRequest, profile: Profile, way: Way) -> HttpResponse:
    user = who(request, _PAGE)
    if not isinstance(user, User):
        return user
    try:
        linking.link(user, profile.provider, profile.uid, language=way.language)
    except linking.Taken:
        return sent_to(_PAGE, done="taken", by=profile.provider)
    except ways_in.TooMany:
        return sent_to(_PAGE)
    hint(tasks.send_mail)
    return sent_to(_PAGE, done="added", by=profile.provider)


def _told(what: str, provider: str, way: Way | None = None) -> HttpResponse:
    if way is not None and way.is_linking:
        return sent_to(_PAGE, done=what, by=provider)
    return sent_to("accounts:sign_in", told=what, by=provider, next=way.then if way else "")


def _offered(provider: str) -> None:
    if provider not in settings.SIGN_IN_WITH:
        raise Http404


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
