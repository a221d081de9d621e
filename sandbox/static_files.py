"""Files of `sandbox/static`: scripts, styles, media. Ranges are answered, as a player asks for them."""

import mimetypes
import re
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date

ROOT = Path(__file__).resolve().parent / "static"


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one file, or the bytes that a Range header asks for."""
    path = (ROOT / name).resolve()
    if not path.is_relative_to(ROOT) or not path.is_file():
        raise Http404
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "max-age=60",
        "Last-Modified": http_date(path.stat().st_mtime),
        "X-Content-Type-Options": "nosniff",
    }
    body = path.read_bytes()
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if wanted is None:
        return HttpResponse(body, kind, headers=headers)
    first, last = int(wanted[1]), min(int(wanted[2] or len(body) - 1), len(body) - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return HttpResponse(body[first : last + 1], kind, 206, headers=headers)
