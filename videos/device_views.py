"""The page of a viewer's devices, and what of a film lies on them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.identity import viewer_of
from videos import entitlements
from videos.models.film_sql import find_film
from videos.watching import devices, keeping

_LONGEST = 32


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def shown(request: HttpRequest) -> HttpResponse:
    """`end` names what shall stop playing, `take_back` what shall no longer be kept."""
    viewer, now = viewer_of(request), timezone.now()
    if request.method == "POST":
        is_ended = devices.end(viewer, request.POST.get("end", "")[:_LONGEST], at=now)
        is_gone = keeping.take_back(viewer, request.POST.get("take_back", "")[:_LONGEST], at=now)
        response = redirect("videos:devices")
        response["Location"] += "?ended=1" if is_ended else "?taken_back=1" if is_gone else ""
        return response
    context = {
        "shelf": "devices",
        "devices": devices.of(viewer, at=now),
        "copies": keeping.of(viewer, at=now),
        "ended": request.GET.get("ended", ""),
        "taken_back": request.GET.get("taken_back", ""),
    }
    return render(request, "videos/devices.html", context)


@require_safe
@never_cache
def copies(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the film lies, for the page that waits for its download; as if there were none for others."""
    viewer, now, film = viewer_of(request), timezone.now(), find_film(slug)
    if film is None or not entitlements.may_watch(viewer, film, at=now):
        raise Http404
    return render(request, "videos/_kept_copies.html", {"copies": keeping.of(viewer, at=now, video=film)})
