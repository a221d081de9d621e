"""A member looks at another plan: what it costs now, to the cent, before anything happens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from billing.joining import member_page, plan_prospects
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable


@require_safe
@never_cache
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    membership = member_page.get_membership_for(viewer_of(request), reference)
    may_change = plan_prospects.may_change(membership)
    plans = plan_prospects.longer_plans(membership) if may_change else []
    prospects, is_silent = [], False
    try:
        prospects = [plan_prospects.ask(membership, price, at=timezone.now()) for price in plans]
    except (StripeUnavailable, OutcomeUnknown, StripeRefused):
        is_silent = True
    context = {
        "membership": membership,
        "order": membership.order,
        "reference": reference,
        "price": membership.current_price,
        "title": membership.order.offer.target.title,
        "paid_until": membership.paid_until(),
        "may_change": may_change,
        "prospects": prospects,
        "is_silent": is_silent,
        "underway": membership.plan_changes.under_way().select_related("order").first(),
    }
    return render(request, "billing/plan.html", context, status=503 if is_silent else 200)
