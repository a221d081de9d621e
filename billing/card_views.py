"""The page on which a member changes the card that is charged. Looking changes nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from billing.joining import card_page, member_page


@require_safe
@never_cache
def card(request: HttpRequest, reference: str) -> HttpResponse:
    """For who is signed in or holds the pass; its script calls `card_api`."""
    membership = member_page.get_membership_for(viewer_of(request), reference)
    context = {
        "shown_reference": reference,
        "stripe_js_url": settings.STRIPE_JS_URL,
        "card_as": settings.STRIPE_CARD_AS,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "changes_url": reverse("billing_api:card_changes", args=[reference]),
    }
    return render(request, "billing/card.html", card_page.about(membership) | context)
