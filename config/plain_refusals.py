"""Every refusal says something, in the form that its asker reads: a page, JSON, or a line of text."""

import codecs
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

_FOR_SCRIPTS: Final = "api"
_FOR_PROVIDERS: Final = {"webhooks", "callbacks"}
_KEPT_HEADERS: Final = ("Allow", "Vary")


class PlainRefusals:
    """Refuse what no text of ours can be, and put words where a refusal has none or those of another form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_text(request):
            return _refusal(request, 400)
        response = self._get_response(request)
        if not 400 <= response.status_code < 500 or _speaks_plainly(request, response):
            return response
        refusal = _refusal(request, response.status_code)
        for name in _KEPT_HEADERS:
            if name in response.headers:
                refusal.headers[name] = response.headers[name]
        return refusal


def gone_stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its page's token: with our own page, not the framework's."""
    return render(request, "403.html", status=403)


def _is_text(request: HttpRequest) -> bool:
    """No database keeps a NUL in a text, and Django believes whichever charset a request names."""
    if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
        request.encoding = settings.DEFAULT_CHARSET
        return False
    parts = [request.path_info, *request.COOKIES.values()]
    return not any("\0" in part for part in parts) and "%00" not in request.META.get("QUERY_STRING", "")


def _speaks_plainly(request: HttpRequest, response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "")
    has_words = response.streaming or bool(getattr(response, "content", b""))
    if _first_part(request) == _FOR_SCRIPTS:
        return has_words and kind.startswith("application/json")
    if _first_part(request) in _FOR_PROVIDERS:
        return has_words and kind.startswith("text/plain")
    return has_words


def _refusal(request: HttpRequest, status: int) -> HttpResponse:
    if _first_part(request) == _FOR_SCRIPTS:
        return JsonResponse({"code": "refused", "sentence": _sentence(status)}, status=status)
    if _first_part(request) in _FOR_PROVIDERS:
        return HttpResponse(_sentence(status), status=status, content_type="text/plain; charset=utf-8")
    return render(request, "400.html", status=status)


def _sentence(status: int) -> str:
    if status == 404:
        return _("There is nothing here for you.")
    if status == 405:
        return _("That isn't possible here. Reload the page.")
    return _("That request could not be read. Reload the page.")


def _first_part(request: HttpRequest) -> str:
    """Of the path, behind the language."""
    parts = request.path_info.lstrip("/").split("/")
    return parts[1] if parts[0] in dict(settings.LANGUAGES) and len(parts) > 1 else parts[0]
