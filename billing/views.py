"""The checkout panel, the page the bank returns to, and an order's own page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.forms import AddressForm
from accounts.identity import viewer_of
from billing.addressing import address_page
from billing.buying import panel_context
from billing.disputing import dispute_page
from billing.joining import member_page
from billing.leaving import order_page
from billing.models import Order
from billing.refunding import refund_page
from billing.settling import order_status
from videos import catalogue
from videos.models import Collection, Video
from videos.views import player_context


@require_safe
@never_cache
def panel(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The panel as a fragment for a page that is there already."""
    return render(request, "billing/_panel.html", panel_context.of(request, _target(kind, slug)))


@require_safe
@never_cache
def checkout(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The same panel as a page of its own, for links in mails."""
    target = _target(kind, slug)
    first = target if isinstance(target, Video) else target.first_film(at=timezone.now())
    context = panel_context.of(request, target)
    stage = player_context(request, first, may_watch=context["panel"].is_yours) if first else {}
    return render(request, "billing/checkout.html", {**context, **stage, "text": target.text_in()})


@require_safe
@never_cache
@xframe_options_sameorigin
def returned(request: HttpRequest) -> HttpResponse:
    """Where the bank's page ends. In the frame it only tells the page around it; it decides and grants
    nothing.

    The frame gets no cookies, so nothing here needs a session. An issuer that navigated the whole window
    ends here too: the link on this page leads on to the order.
    """
    response = render(request, "billing/return.html")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@never_cache
def returned_order(request: HttpRequest) -> HttpResponse:
    """From the bank's page, as a whole window, to the order it was about."""
    intent_id = request.GET.get("payment_intent", "")
    order = Order.objects.held_by(viewer_of(request)).filter(payments__intent_id=intent_id).first()
    if order is None or not intent_id:
        raise Http404
    return redirect(order)


@require_safe
@never_cache
def order(request: HttpRequest, reference: str) -> HttpResponse:
    return show_order(request, order_status.get_order_for(viewer_of(request), reference))


def show_order(
    request: HttpRequest, shown: Order, *, address_form: AddressForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an order whose viewer was let in, with a form that was not filled in well, if any."""
    found = order_status.find_out(shown, at=timezone.now())
    context = panel_context.receipt(shown) | refund_page.of(shown, at=timezone.now()) | dispute_page.of(shown)
    context |= order_page.of(shown, at=timezone.now())
    membership = {
        "membership": member_page.standing(shown, at=timezone.now()),
        "membership_notice": request.GET.get("membership", ""),
    }
    address = {
        "address": address_page.of(shown),
        "address_form": address_form or AddressForm(),
        "address_notice": request.GET.get("address", ""),
    }
    return render(
        request, "billing/order.html", {**context, **membership, **address, "status": found}, status=status
    )


def _target(kind: str, slug: str) -> Video | Collection:
    target = catalogue.in_shop(kind, slug, at=timezone.now())
    if target is None:
        raise Http404
    return target
