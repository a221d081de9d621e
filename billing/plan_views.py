"""A member looks at another plan: what it costs now, to the cent, before anything happens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import tasks as mail
from accounts.identity import viewer_of
from accounts.jobs import enqueue
from billing.buying import selling
from billing.joining import later_plan, member_page, plan_change, plan_prospects
from billing.models import Membership
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Looking changes nothing; the form chooses a plan for after the year that is paid."""
    membership = member_page.get_membership_for(viewer_of(request), reference)
    said = ""
    if request.method == "POST":
        said = _choose(membership, request.POST.get("price", ""))
        enqueue(mail.send_mail)
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
        "later": plan_prospects.later_plans(membership) if may_change else [],
        "said": said,
        "underway": membership.plan_changes.under_way().select_related("order").first(),
    }
    return render(request, "billing/plan.html", context, status=_STATUS.get(said, 503 if is_silent else 200))


def _choose(membership: Membership, price: str) -> str:
    try:
        later_plan.choose(membership, int(price) if price.isdecimal() else 0, at=timezone.now())
    except plan_change.MayNotChange:
        return "gone"
    except selling.ReadOnly:
        return "closed"
    except StripeUnavailable:
        return "unavailable"
    return "chosen"


_STATUS = {"gone": 409, "closed": 503, "unavailable": 503}
