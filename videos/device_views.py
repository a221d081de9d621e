"""The page of a viewer's devices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.identity import viewer_of
from videos.watching import devices


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def shown(request: HttpRequest) -> HttpResponse:
    """`end` names what shall stop playing."""
    viewer, now = viewer_of(request), timezone.now()
    if request.method == "POST":
        is_ended = devices.end(viewer, request.POST.get("end", "")[:32], at=now)
        response = redirect("videos:devices")
        response["Location"] += "?ended=1" if is_ended else ""
        return response
    context = {
        "shelf": "devices",
        "devices": devices.of(viewer, at=now),
        "ended": request.GET.get("ended", ""),
    }
    return render(request, "videos/devices.html", context)
