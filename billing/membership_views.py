"""A member leaves, or stays after all: a form on the order's page that needs no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import tasks as mail
from accounts.identity import viewer_of
from accounts.jobs import enqueue
from billing.buying import selling
from billing.joining import leaving, member_page
from billing.stripe.intents import StripeUnavailable


@require_POST
def membership(request: HttpRequest, reference: str) -> HttpResponse:
    """Let it end with its period (`goes_on=no`), or go on after all (`goes_on=yes`)."""
    found = member_page.get_membership_for(viewer_of(request), reference)
    act = leaving.stay if request.POST.get("goes_on") == "yes" else leaving.leave
    said = ""
    try:
        act(found, at=timezone.now())
    except leaving.Over:
        said = "?membership=over"
    except selling.ReadOnly:
        said = "?membership=closed"
    except StripeUnavailable:
        said = "?membership=unavailable"
    enqueue(mail.send_mail)
    return redirect(f"{request.path.removesuffix('membership/')}{said}#membership")
