"""The film's files: encrypted picture and sound, and a poster. The key is not among them."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).resolve().parent.parent / "data" / "kollus"

PERIOD_SECONDS = 24
TRACKS = (
    {"file": "v540.mp4", "type": 'video/mp4; codecs="avc1.640028"'},
    {"file": "a.mp4", "type": 'audio/mp4; codecs="mp4a.40.2"'},
)

_KINDS = {"v540.mp4": "video/mp4", "a.mp4": "audio/mp4", "poster.jpg": "image/jpeg"}


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one of the files, whole: they are small and the player appends them as they are."""
    if name not in _KINDS:
        raise Http404
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse((FOLDER / name).read_bytes(), _KINDS[name], headers=headers)
