"""The player page: what the gateway answers, good or bad."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from sandbox.kollus import media, starts, switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.sentences import sentence
from sandbox.kollus.starts import Start
from sandbox.kollus.texts import texts
from sandbox.worlds import World

# What the page itself may run into, beside what it is told.
_OWN_CODES = (
    1001,
    1017,
    3000,
    8686,
    switches.LICENCE_OVER_CODE,
    switches.EXPIRED_REPLY_CODE,
    switches.LICENCE_DOWN_CODE,
    switches.LICENCE_REFUSED_CODE,
    switches.NO_KEY_SYSTEM_CODE,
)

_LANGUAGES = {"English": "en", "한국어": "ko", "日本語": "ja"}
_CODE_LENGTH = 2

Json = dict[str, Any]


def opened(
    request: HttpRequest, world: World, account: Account, start: Start, *, is_installed: bool = False
) -> HttpResponse:
    """Return the player, ready to ask for permission and to play; an installed one leads to what it keeps."""
    title = request.GET.get("title") or start["item"].get("title") or start["content"]["title"]
    facts: Json = {
        "start": f"/starts/{world.name}/{start['id']}/",
        "kinds": switches.CALLBACK_KINDS,
        "title": title,
        "duration": start["content"]["duration_seconds"],
        "film": {"folder": "/media/", "tracks": media.TRACKS, "period": media.PERIOD_SECONDS},
        "begin": _begin(request, world, start),
        "rules": _rules(start),
        "watermark": start["obeys"]["watermark"],
        "captions": _captions(start["content"]["captions"]),
        "seeksBeforePlay": switches.SEEKS_BEFORE_PLAY,
        "reportEvery": account.lms_interval_seconds,
        "playerId": start["player_id"],
    }
    asks_itself = account.callback_from == "browser" and starts.needs_callback(start, account)
    origins = [_origin(account.play_callback_url)] if asks_itself else []
    return _page(request, facts, origins, is_installed=is_installed)


def refused(request: HttpRequest, error: PlayerError) -> HttpResponse:
    """Return the player that shows an error and nothing else."""
    return _page(request, {"title": "", "error": shown(error, request)}, [])


def shown(error: PlayerError, request: HttpRequest) -> Json:
    """Return an error as the player shows it and as its `error` event carries it."""
    said = error.message or sentence(error.code, language_of(request))
    return {"code": error.code, "message": said, "param": ""}


def language_of(request: HttpRequest) -> str:
    """Return ko or en, after the browser's first wish."""
    return "ko" if request.headers.get("Accept-Language", "").lower().startswith("ko") else "en"


def _page(
    request: HttpRequest, facts: Json, callback_origins: list[str], *, is_installed: bool = False
) -> HttpResponse:
    language = language_of(request)
    facts |= {
        "playerType": switches.PLAYER_TYPE,
        "errors": {code: sentence(code, language) for code in _OWN_CODES},
        "codes": {
            "expired": switches.EXPIRED_REPLY_CODE,
            "licenceDown": switches.LICENCE_DOWN_CODE,
            "licenceRefused": switches.LICENCE_REFUSED_CODE,
            "noKeySystem": switches.NO_KEY_SYSTEM_CODE,
        },
    }
    context = {"facts": facts, "language": language, "title": facts["title"], "text": texts(language)}
    context["is_installed"] = is_installed
    page = render_to_string("kollus/player.html", context)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy(callback_origins),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    status = switches.REFUSAL_STATUS if "error" in facts else 200
    return HttpResponse(page, status=status, headers=headers)


def _policy(callback_origins: list[str]) -> str:
    """Return the page's own CSP. Any site may frame it, as it may frame the real one."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src blob:",
            " ".join(["connect-src 'self'", *callback_origins]),
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
        ]
    )


def _captions(names: Iterable[str]) -> list[Json]:
    """Return the list as the controller's script reads it; the first one shows at first."""
    return [
        {"subtitle_name": name, "subtitle_language_code": _language_code(name), "default": number == 0}
        for number, name in enumerate(names)
    ]


def _language_code(name: str) -> str:
    return _LANGUAGES.get(name, name if len(name) == _CODE_LENGTH else "")


def _begin(request: HttpRequest, world: World, start: Start) -> Json:
    query = request.GET
    elsewhere = 0 if "s" in query else starts.resumed_at(world, start)
    return {
        "autoplay": "autoplay" in query,
        "mute": "mute" in query,
        "at": _seconds(query.get("s")),
        "ask": _seconds(query.get("t")) or elsewhere,
    }


def _rules(start: Start) -> Json:
    obeys = start["obeys"]
    return {
        "seek": obeys["seek"],
        "seekableEnd": obeys["seekable_end"],
        "speed": obeys["speed"],
        "rates": obeys["rates"],
        "startsAnywhere": switches.START_BEYOND_SEEKABLE_END,
    }


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
