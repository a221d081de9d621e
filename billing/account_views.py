"""What one bought. Works by the account and by the browser's passes alike."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.identity import viewer_of
from accounts.views import mail_code
from billing.owning import finding, purchases
from billing.purchase_forms import DayForm, FindForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """With `?on=` those of one day. Who is not signed in finds what was bought elsewhere by its address, as
    everybody signs in: before it is proved nothing is told of its purchases, not even that there are none.
    """
    if request.method == "POST":
        return _find(request)
    return _shown(request, DayForm(request.GET))


def _find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST, auto_id="find-%s")
    is_valid = form.is_valid()
    then = _address_of(form.cleaned_data.get("on"))
    if request.user.is_authenticated:  # in another tab, since the form was shown
        return HttpResponseRedirect(then)
    if not is_valid:
        return _shown(request, DayForm({}), form, status=400)
    return mail_code(request, email=form.cleaned_data["email"], then=then)


def _address_of(day: date | None) -> str:
    address = reverse("billing:orders")
    return f"{address}?on={day.isoformat()}" if day else address


def _shown(
    request: HttpRequest, asked: DayForm, find: FindForm | None = None, *, status: int = 200
) -> HttpResponse:
    viewer, day = viewer_of(request), asked.day
    before = request.GET.get("before", "")[:32]
    context = {
        "shelf": "orders",
        "asked": asked,
        "find": find or FindForm(initial={"on": day}, auto_id="find-%s"),
        "here": _address_of(day),
        "found": finding.on(viewer, day) if day else None,
        "purchases": None if day else purchases.of(viewer, before=before),
        "is_long": bool(before),
    }
    return render(request, "billing/orders.html", context, status=status)
