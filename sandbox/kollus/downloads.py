"""The installed player's list of what it keeps: each copy with a button that plays it and one that renews it.

One page for all devices, since here they are all one machine. A play asks the shop as each device would; the
film itself is not shown, for it lies nowhere.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sandbox.clock import readable
from sandbox.kollus import copies, player_page, starts
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.texts import texts
from sandbox.worlds import World, worlds

_SHOWN = 60
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

Json = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """`play` or `renew` names a copy; what came of it stands above the list."""
    told = _ask(request) if request.method == "POST" else None
    kept = [_row(world, copy) for world in worlds().all() for copy in world.all(copies.KIND)]
    newest = sorted(kept, key=lambda row: int(row["at"]), reverse=True)[:_SHOWN]
    language = player_page.language_of(request)
    context = {"text": texts(language), "language": language, "copies": newest, "told": told}
    answer = render(request, "kollus/downloads.html", context)
    answer["Content-Security-Policy"] = _POLICY
    answer["Cache-Control"] = "no-store"
    return answer


def _ask(request: HttpRequest) -> Json:
    renews = "renew" in request.POST
    named = request.POST.get("renew" if renews else "play", "")
    world, copy = _find(named)
    account = Account.from_configuration(world.config.get("kollus") or {})
    try:
        copies.play(world, account, copy, renews=renews)
    except PlayerError as error:
        return {"copy": named, "error": player_page.shown(error, request)}
    return {"copy": named, "renewed": renews}


def _find(named: str) -> tuple[World, Json]:
    name, _slash, copy_id = named.partition("/")
    world = worlds().by_name(name)
    copy = world.get(copies.KIND, copy_id) if world else None
    if world is None or copy is None:
        raise Http404
    return world, copy


def _row(world: World, copy: Json) -> Json:
    start = world.get(starts.KIND, copy["start"]) or {}
    until, plays = copy["expiration_date"], copy["expiration_count"]
    return {
        "name": f"{world.name}/{copy['id']}",
        "at": start.get("at", 0),
        "title": start.get("content", {}).get("title", ""),
        "device": start.get("device_name", ""),
        "until": f"{readable(until)} UTC" if until else "",
        "plays_left": max(0, plays - copy["plays"]) if plays else None,
        "code": copy["code"],
    }
