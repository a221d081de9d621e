"""What one bought. Works by the account and by the browser's passes alike."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.identity import viewer_of
from billing.owning import purchases


@require_safe
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """Who is not signed in finds what was bought elsewhere by its address, as everybody signs in."""
    found = purchases.of(viewer_of(request), before=request.GET.get("before", "")[:32])
    return render(request, "billing/orders.html", {"purchases": found, "shelf": "orders"})
