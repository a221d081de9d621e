"""What Google, Kakao and Naver are asked, and what they say of who comes back. The steps are the library's
(django-allauth): state, PKCE and the exchange of the code. A token is used once, for the profile, and let go.

Sources: https://developers.google.com/identity/openid-connect/reference
https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
https://developers.naver.com/docs/login/profile/profile.md
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.kakao.provider import KakaoProvider
from allauth.socialaccount.providers.naver.provider import NaverProvider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from accounts.models import normalize_email

logger = logging.getLogger(__name__)

Facts = dict[str, Any]
_LONGEST_UID: Final = 191


@dataclass(frozen=True)
class Profile:
    """Who came back: `uid` is his for good at that provider, the address may change or be missing."""

    provider: str
    uid: str
    email: str
    is_verified: bool


@dataclass(frozen=True)
class Way:
    """Where a way to a provider began: to link it or to sign in, in which language, and where it leads."""

    is_linking: bool
    language: str
    then: str
    verifier: str = ""


class Denied(Exception):
    """He did not want to, and said so there."""


class Failed(Exception):
    """Nobody came back whom we could believe: a made-up or stale answer, or a provider that is down."""


@dataclass(frozen=True)
class _Dialect:
    library: type[Any]
    label: Any
    pages: tuple[str, ...]  # the sign-in page, then the origins that it sends a browser on to
    exchange_url: str
    profile_url: str
    scope: tuple[str, ...]
    has_pkce: bool
    read: Callable[[Facts], tuple[Any, Any, bool]]


def _google(facts: Facts) -> tuple[Any, Any, bool]:
    return facts["sub"], facts.get("email"), facts.get("email_verified") is True


def _kakao(facts: Facts) -> tuple[Any, Any, bool]:
    """An address that became another Kakao account's is verified, and not valid any more."""
    of = facts.get("kakao_account") or {}
    is_his = of.get("is_email_valid") is True and of.get("is_email_verified") is True
    return facts["id"], of.get("email"), is_his


def _naver(facts: Facts) -> tuple[Any, Any, bool]:
    """Its address is whatever its owner typed there, and nothing says that it was ever proved."""
    of = facts["response"]
    return of["id"], of.get("email"), False


_DIALECTS: Final = {
    "google": _Dialect(
        library=GoogleProvider,
        label="Google",
        pages=("https://accounts.google.com/o/oauth2/v2/auth",),
        exchange_url="https://oauth2.googleapis.com/token",
        profile_url="https://openidconnect.googleapis.com/v1/userinfo",
        scope=("openid", "email"),
        has_pkce=True,
        read=_google,
    ),
    "kakao": _Dialect(
        library=KakaoProvider,
        label=_("Kakao"),
        pages=("https://kauth.kakao.com/oauth/authorize", "https://accounts.kakao.com"),
        exchange_url="https://kauth.kakao.com/oauth/token",
        profile_url="https://kapi.kakao.com/v2/user/me",
        scope=("account_email",),
        has_pkce=True,
        read=_kakao,
    ),
    "naver": _Dialect(
        library=NaverProvider,
        label=_("Naver"),
        pages=("https://nid.naver.com/oauth2.0/authorize",),
        exchange_url="https://nid.naver.com/oauth2.0/token",
        profile_url="https://openapi.naver.com/v1/nid/me",
        scope=(),
        has_pkce=False,  # it documents none; its code is worth nothing without our secret
        read=_naver,
    ),
}


def offered() -> list[tuple[str, Any]]:
    """This will list the providers that we have keys of: their names in addresses, and for people."""
    return [(name, each.label) for name, each in _DIALECTS.items() if name in settings.SIGN_IN_WITH]


def label(name: str) -> Any:
    """This will name a provider for people; "" for one that nobody knows."""
    return _DIALECTS[name].label if name in _DIALECTS else ""


def origins() -> list[str]:
    """This will list the origins to which a button of ours leads a browser."""
    pages = [url for name, _label in offered() for url in _pages(name)]
    return list(dict.fromkeys(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in pages))


def begin(request: HttpRequest, name: str, way: Way) -> HttpResponse:
    """This will send the browser to the provider, with a state that is good for ten minutes, here, once."""
    answer: HttpResponse = _provider(request, name).redirect(
        request,
        process="connect" if way.is_linking else "login",
        next_url=way.then,
        data={"language": way.language},
    )
    return answer


def take_way(request: HttpRequest, name: str) -> Way:
    """This will use up the state that an answer brings back.

    :raises Failed: it is not of this browser, or was used, or is stale.
    """
    try:
        state = _provider(request, name).unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as error:
        raise Failed from error
    return Way(
        is_linking=state["process"] == "connect",
        language=(state.get("data") or {}).get("language", settings.LANGUAGE_CODE),
        then=state.get("next", ""),
        verifier=state.get("pkce_code_verifier") or "",
    )


def ask(request: HttpRequest, name: str, way: Way) -> Profile:
    """This will exchange the code of the answer for who it is: two calls, each of five seconds at most.

    :raises Denied: see there.
    :raises Failed: see there.
    """
    if request.GET.get("error") == OAuth2Adapter.login_cancelled_error:
        raise Denied
    provider = _provider(request, name)
    if not request.GET.get("code"):
        raise Failed
    oauth = provider.get_oauth2_adapter(request)
    try:
        client = oauth.get_client(request, provider.app)
        given = oauth.get_access_token_data(request, provider.app, client, way.verifier)
        return _profile(name, _facts(name, oauth.parse_token(given).token))
    except (OAuth2Error, RequestException, KeyError, TypeError, AttributeError, ValueError) as error:
        logger.warning("no answer to who signs in", extra={"provider": name, "reason": type(error).__name__})
        raise Failed from error


def _facts(name: str, token: str) -> Facts:
    url = _own(f"{name}/me") or _DIALECTS[name].profile_url
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False)
    if answer.status_code != 200:
        raise OAuth2Error
    facts: Facts = answer.json()
    return facts


def _profile(name: str, facts: Facts) -> Profile:
    uid, email, is_verified = _DIALECTS[name].read(facts)
    if not isinstance(uid, (str, int)) or not 0 < len(str(uid)) <= _LONGEST_UID:
        raise OAuth2Error
    try:
        validate_email(email)
    except ValidationError:
        return Profile(name, str(uid), "", is_verified=False)
    return Profile(name, str(uid), normalize_email(email), is_verified)


def _provider(request: HttpRequest, name: str) -> Any:
    """The library's provider, with our keys, addresses and the least that is asked for."""
    dialect, (client_id, secret) = _DIALECTS[name], settings.SIGN_IN_WITH[name]
    asked = {"oauth_pkce_enabled": dialect.has_pkce, "scope": list(dialect.scope)}
    provider = dialect.library(
        request, app=SocialApp(provider=name, client_id=client_id, secret=secret, settings=asked)
    )
    provider.oauth2_adapter_class = _adapter(name, provider.oauth2_adapter_class)
    return provider


def _adapter(name: str, library: type[Any]) -> type[Any]:
    back = f"{settings.SITE_URL}{reverse('social:back', args=[name])}"
    return type(
        library.__name__,
        (library,),
        {
            "authorize_url": _pages(name)[0],
            "access_token_url": _own(f"{name}/token") or _DIALECTS[name].exchange_url,
            "get_callback_url": lambda self, request, app: back,
        },
    )


def _pages(name: str) -> tuple[str, ...]:
    base = settings.SIGN_IN_PAGE_BASE
    return (f"{base}/{name}/authorize",) if base else _DIALECTS[name].pages


def _own(path: str) -> str:
    """Where the sandbox plays the providers; "" for the real ones."""
    return f"{settings.SIGN_IN_API_BASE}/{path}" if settings.SIGN_IN_API_BASE else ""
