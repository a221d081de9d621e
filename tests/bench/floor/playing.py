"""The link that is signed, with and without a row kept of it, and the two callbacks: one statement each."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

import jwt
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound, JsonResponse
from django.utils import timezone

_LINK_SECONDS = 300
_FIND_RIGHT = """
SELECT film.key FROM floor_right AS entitled JOIN floor_film AS film ON film.id = entitled.film_id
WHERE entitled.viewer = %s AND film.slug = %s AND (entitled.until IS NULL OR entitled.until > now())
"""
_FIND_BROWSER = "SELECT viewer FROM floor_browser WHERE key = %s"
_OPEN_SESSION = """
INSERT INTO floor_session (reference, right_id, opened_at)
SELECT %s, entitled.id, now()
FROM floor_right AS entitled JOIN floor_film AS film ON film.id = entitled.film_id
WHERE entitled.viewer = %s AND film.slug = %s AND (entitled.until IS NULL OR entitled.until > now())
RETURNING (SELECT key FROM floor_film WHERE slug = %s)
"""
_PLAY = """
INSERT INTO floor_play (reference, player, kind, at)
SELECT opened.reference, %s, %s, now() FROM floor_session AS opened
JOIN floor_right AS entitled ON entitled.id = opened.right_id
WHERE opened.reference = %s AND (entitled.until IS NULL OR entitled.until > now())
ON CONFLICT (reference) DO UPDATE SET kind = excluded.kind, at = excluded.at
WHERE floor_play.player = excluded.player
RETURNING id
"""
_PROGRESS = """
INSERT INTO floor_progress (right_id, position_seconds, watched_seconds, reported_at)
SELECT opened.right_id, %s, %s, %s FROM floor_session AS opened WHERE opened.reference = %s
ON CONFLICT (right_id) DO UPDATE SET position_seconds = excluded.position_seconds,
watched_seconds = greatest(floor_progress.watched_seconds, excluded.watched_seconds),
reported_at = excluded.reported_at
WHERE floor_progress.reported_at < excluded.reported_at
"""


def link(request: HttpRequest) -> HttpResponse:
    viewer, slug = str(request.get_signed_cookie("viewer")), json.loads(request.body)["video"]
    return _ticket(viewer, _first(_FIND_RIGHT, [viewer, slug]))


def session(request: HttpRequest) -> HttpResponse:
    """Knows the browser by its session on the server, and its page by the token that only it can send."""
    found = _first(_FIND_BROWSER, [request.COOKIES["sessionid"]])
    if not found or not hmac.compare_digest(request.COOKIES["csrftoken"], request.headers["X-CSRFToken"]):
        return HttpResponseForbidden()
    viewer, slug = found[0], json.loads(request.body)["video"]
    return _ticket(viewer, _first(_OPEN_SESSION, [secrets.token_urlsafe(16), viewer, slug, slug]))


def play(request: HttpRequest) -> HttpResponse:
    form = request.POST
    reference = _reference(json.loads(form["uservalues"])["uservalue0"])
    may = reference and _first(_PLAY, [form["player_id"], int(form["kind"]), reference])
    claims = {"data": {"result": 1 if may else 0}, "exp": int(timezone.now().timestamp()) + _LINK_SECONDS}
    return HttpResponse(_signed(claims))


def progress(request: HttpRequest) -> HttpResponse:
    report = json.loads(request.POST["json_data"])
    content, reference = report["content_info"], _reference(report["uservalues"]["uservalue0"])
    stood_at = datetime.fromtimestamp(content["start_at"] + content["runtime"], tz=UTC)
    with connection.cursor() as cursor:
        seconds = [content["last_play_at"], content["real_playtime"]]
        cursor.execute(_PROGRESS, [*seconds, stood_at, reference])
    return HttpResponse()


def mark(reference: str) -> str:
    """A session's name with our signature behind it."""
    return f"{reference}.{_mac(reference)}"


def _reference(marked: str) -> str:
    reference, _, mac = marked.rpartition(".")
    return reference if hmac.compare_digest(mac, _mac(reference)) else ""


def _mac(reference: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, reference.encode(), hashlib.sha256).hexdigest()[:32]


def _ticket(viewer: str, found: tuple[str] | None) -> HttpResponse:
    if found is None:
        return HttpResponseNotFound()
    until = int(timezone.now().timestamp()) + _LINK_SECONDS
    token = _signed({"cuid": viewer, "expt": until, "mc": [{"mckey": found[0]}]})
    return JsonResponse({"url": f"https://v.kr.kollus.com/s?jwt={token}", "seconds": _LINK_SECONDS})


def _signed(claims: dict[str, object]) -> str:
    return jwt.encode(claims, settings.KOLLUS_SECURITY_KEY, algorithm="HS256")


def _first(statement: str, values: list[str | int]) -> tuple[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[str] | None = cursor.fetchone()
    return found
