"""The Content-Security-Policy: one base, and per page exactly the sources of the providers that it embeds."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Sources = dict[str, list[str]]

# The nonce is for the import map alone: import maps can only stand inline.
BASE_POLICY: Final = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# An answer to a script or a provider is no page; should a browser open it as one, it may do nothing.
POLICY_OF_DATA: Final = "default-src 'none'; frame-ancestors 'none'"
_DOCUMENTS: Final = ("text/html", "application/xhtml", "image/svg", "text/xml", "application/xml")
PAGES_WITH_PANEL: Final = {"videos:video", "videos:collection", "billing:checkout"}
# Or the bank's question about the card on file.
PAGES_WITH_CARD: Final = PAGES_WITH_PANEL | {
    *("billing:renewal", "billing:renewal_of_order", "billing:card", "billing:plan"),
}
PAGES_WITH_PLAYER: Final = PAGES_WITH_PANEL | {"videos:library", "billing:order"}
FRAMED_PAGE: Final = "billing:return"  # the bank's page ends there, inside our own frame
# Their buttons lead on to the providers, and a form may go no further than its page allows.
PAGES_WITH_PROVIDERS: Final = {
    *("accounts:sign_in", "accounts:enter", "accounts:passkey_sign_in", "accounts:social"),
}
PAGE_WITH_UPLOAD: Final = "admin:videos_video_change"  # the file goes from there straight to Kollus
PAGE_WITH_MAIL: Final = "admin:accounts_mail_kind"  # shown in frames of our own
_DENIED_FEATURES: Final = ("camera", "microphone", "geolocation", "display-capture", "usb")
_PLAYER_FEATURES: Final = ("autoplay", "encrypted-media", "fullscreen", "local-network-access")


class PolicyMiddleware(CSPMiddleware):
    """Set both policies, Content-Security and Permissions, and X-Frame-Options where we frame ourselves."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only:
            name = _page_name(request)
            parts.update = (parts.update or {}) | extra_sources(name)
            if name == FRAMED_PAGE:
                parts.replace = (parts.replace or {}) | {"frame-ancestors": [SELF]}
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(_DOCUMENTS):
            response.headers.setdefault("Content-Security-Policy", POLICY_OF_DATA)
            return response
        response = super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", permissions_policy(settings.KOLLUS_PLAYER_BASE))
        if _page_name(request) == FRAMED_PAGE:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


def extra_sources(page_name: str) -> Sources:
    """Return the sources that the page of this URL name needs beyond the base policy."""
    sources: Sources = {}
    if page_name in PAGES_WITH_PLAYER:
        sources = _merged(sources, {"frame-src": [_origin(settings.KOLLUS_PLAYER_BASE)]})
    if page_name in PAGES_WITH_CARD:
        sources = _merged(sources, stripe_sources(settings.STRIPE_JS_URL))
    if page_name in PAGES_WITH_PROVIDERS:
        from accounts.social import providers  # its models are not there yet while settings are read

        sources = _merged(sources, {"form-action": providers.origins()})
    if page_name == PAGE_WITH_UPLOAD:
        sources = _merged(sources, {"connect-src": [settings.KOLLUS_UPLOAD_BASE]})
    if page_name == PAGE_WITH_MAIL:
        sources = _merged(sources, {"frame-src": [SELF]})
    return sources


def stripe_sources(js_url: str) -> Sources:
    """Return what Stripe.js from this address needs: Stripe's documented list, or the sandbox's two origins.

    'self' among the frames is for the return address, where the bank's page ends.
    Source: https://docs.stripe.com/security/guide#content-security-policy
    """
    origin = _origin(js_url)
    if origin == "https://js.stripe.com":
        scripts = [origin, "https://*.js.stripe.com"]
        return {
            "script-src": scripts,
            "frame-src": [SELF, *scripts, "https://hooks.stripe.com"],
            "connect-src": ["https://api.stripe.com"],
        }
    scheme, _, host = origin.partition("://")
    hooks = f"{scheme}://hooks.{host}"
    return {"script-src": [origin], "frame-src": [SELF, origin, hooks], "connect-src": [origin]}


@lru_cache
def permissions_policy(player_base: str) -> str:
    """Return the header that lends the player's features to Kollus' origin and denies what nobody needs."""
    player = _origin(player_base)
    granted = [f'{feature}=(self "{player}")' for feature in _PLAYER_FEATURES]
    return ", ".join([*granted, *(f"{feature}=()" for feature in _DENIED_FEATURES)])


def _page_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _merged(one: Sources, other: Sources) -> Sources:
    return {name: [*one.get(name, []), *other.get(name, [])] for name in one | other}
