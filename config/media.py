"""Posters from the local disk. A shop that keeps them in an object store serves them from there."""

import mimetypes
from typing import Final

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe
from django.views.static import serve

_IMAGES: Final = {"image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/avif", "image/gif"}
# An SVG opened by itself is a document: it may style itself and nothing else.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_A_WEEK: Final = 7 * 24 * 60 * 60


@require_safe
def poster(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with one picture; anything that is not a picture does not exist."""
    if mimetypes.guess_type(path)[0] not in _IMAGES:
        raise Http404
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (SuspiciousFileOperation, OSError):  # it points out of the folder, or is too long for a name
        raise Http404 from None
    response.headers["Cache-Control"] = f"public, max-age={_A_WEEK}"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def urlpatterns() -> list[URLPattern]:
    """The route to the pictures, or none where they are stored elsewhere."""
    if not isinstance(default_storage, FileSystemStorage):
        return []
    return [re_path(r"^media/(?P<path>.+)$", poster)]
