"""Kollus' installed player, as far as a page can hand it something: `/app/` stands for its `kollus://`.

A page that hands something over stays where it is, for the app opens beside it; so a download is answered
with nothing to show, and what plays has a window of its own.
Source: https://docs.kollus.com/en/dev-guide/kollus-mobile-app/scheme-option/
"""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from sandbox.kollus import copies, gateway, player_page, starts
from sandbox.kollus.error_codes import PlayerError


@require_safe
def path(request: HttpRequest) -> HttpResponse:
    """Play what the address inside leads to."""
    try:
        request.GET = _inside(request.GET.get("url", ""))
    except PlayerError as error:
        return player_page.refused(request, error)
    return gateway.play(request, is_installed=True)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Download what the addresses inside lead to, one or several; the app shows what went wrong."""
    try:
        for url in request.GET.getlist("url") or [""]:
            request.GET = _inside(url)
            world, token = gateway.token_of(request, is_installed=True)
            start = starts.open_start(world, token, request)
            copies.download(world, gateway.account_of(world), start)
    except PlayerError as error:
        return player_page.refused(request, error)
    return HttpResponse(status=204)


def _inside(url: str) -> Any:
    """Return the query of the address to which players turn. :raises PlayerError: it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.path != "/si":
        raise PlayerError(1007, "the address inside must be the gateway's /si")
    return QueryDict(parts.query)
