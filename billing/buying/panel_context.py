"""What the templates of the checkout panel and of the receipt are handed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from accounts.identity import recognise
from billing.addressing import address_page
from billing.buying import panel
from billing.buying.refusal_sentences import REFUSALS
from billing.consenting.consents import ConsentMissing
from billing.models import Order
from videos import leaving
from videos.currency_choice import choose_currency, chosen_currency
from videos.models import Collection, Video


def of(request: HttpRequest, target: Video | Collection) -> dict[str, Any]:
    """This will lay out the panel for who asks, with the coupon of `?coupon=`.

    `?currency=` is remembered as this browser's choice. `?time_zone=` helps to tell whose law has a say.
    """
    viewer = recognise(request)
    wanted = request.GET.get("currency", "")
    if wanted and wanted != chosen_currency(request):
        choose_currency(request, wanted[:3])
    now, time_zone = timezone.now(), request.GET.get("time_zone", "")[:50]
    laid_out = panel.lay_out(
        target,
        viewer,
        currency=wanted or chosen_currency(request),
        language=get_language() or "",
        at=now,
        time_zone=time_zone,
        code=request.GET.get("coupon", "")[:100],
        email=getattr(request.user, "email", ""),
    )
    return {
        "panel": laid_out,
        "leaving": leaving.before_buying(target, at=now, time_zone=time_zone),
        "target": target,
        "kind": "videos" if isinstance(target, Video) else "collections",
        "offer_kind": request.GET.get("offer", ""),
        "stripe_js_url": settings.STRIPE_JS_URL,
        "card_as": settings.STRIPE_CARD_AS,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "consent_hint": REFUSALS[ConsentMissing][1],
    }


def receipt(order: Order) -> dict[str, Any]:
    """This will gather an order's receipt, and what the film that starts beside it may have to say."""
    target = order.offer.target
    has_left = isinstance(target, Video) and not target.may_be_watched(at=timezone.now())
    return {
        "order": order,
        "has_left": has_left,
        "title": target.title,
        "renews_at": order.period.ends_at if order.offer.is_membership and order.is_paid else None,
        "offer_kind": order.offer.label,
        "email_masked": order.email_masked,
        "suggestion": address_page.suggestion(order),
        "watch_url": target.get_absolute_url(),
        "seller_name": settings.SELLER_NAME,
        "support_email": settings.SUPPORT_EMAIL,
    }
