"""The page that pays a renewal: behind the mailed link, and for who holds the membership.

Looking changes nothing; the button pays, through `renewal_api`.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from billing.joining import renewal_page
from billing.joining.renewal_page import LinkExpired, LinkOfAnother
from billing.models import UnpaidRenewal


@require_safe
@never_cache
def renewal(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link opens, in whatever browser that is."""
    try:
        found = renewal_page.by_link(token, viewer_of(request), at=timezone.now())
    except LinkExpired:
        return _shown(request, {"state": "gone"}, status=404)
    except LinkOfAnother:
        return _shown(request, {"state": "foreign"}, status=403)
    return _page(request, found, reverse("billing_api:renewal_payments", args=[token]))


@require_safe
@never_cache
def renewal_of_order(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for who is signed in or holds the pass."""
    found = renewal_page.of_order(viewer_of(request), reference)
    return _page(request, found, reverse("billing_api:renewal_payments_of_order", args=[reference]))


def _page(request: HttpRequest, found: UnpaidRenewal, payments_url: str) -> HttpResponse:
    """As we know it ourselves: no page waits for Stripe, its script asks."""
    stripe = {
        "stripe_js_url": settings.STRIPE_JS_URL,
        "card_as": settings.STRIPE_CARD_AS,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
    }
    return _shown(request, renewal_page.about(found) | stripe | {"payments_url": payments_url})


def _shown(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, "billing/renewal.html", context, status=status)
    # The address is the key; without any referrer a browser names no origin when the script posts.
    response["Referrer-Policy"] = "same-origin"
    return response
