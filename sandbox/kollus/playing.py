"""What the player page asks while it plays: may I begin, and here is what was seen."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.http import require_POST

from sandbox.kollus import (
    copies,
    duplicates,
    licence,
    obeying,
    play_callback,
    player_page,
    progress_reports,
    starts,
    switches,
)
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.gateway import account_of, wait
from sandbox.kollus.progress import Stretch, Viewing
from sandbox.kollus.reply import Reply
from sandbox.kollus.starts import Start
from sandbox.worlds import World, worlds

_LONGEST_OPEN_SECONDS = 10_000_000

Json = dict[str, Any]


@require_POST
def permission(request: HttpRequest, world_name: str, start_id: str) -> HttpResponse:
    """Make the playback callback of one kind; once every kind has been allowed, hand out a licence token.

    Where the browser calls the shop itself, the first answer holds the form to send, and the page comes back
    with the shop's reply, which only we can verify.
    """
    world, start = _find(world_name, start_id)
    wait(world)
    account, body = account_of(world), _body(request)
    kind = body.get("kind")
    if kind not in switches.CALLBACK_KINDS or kind in start["allowed"]:
        return HttpResponseBadRequest("No such call is due.")
    try:
        _check_still_open(world, start)
        if kind == switches.CALLBACK_KINDS[0]:
            duplicates.check(world, start)
        starts.change(world, start, heard_at=world.clocks["kollus"].now())
        answer = _permit(world, account, start, kind, body.get("reply"))
    except PlayerError as error:
        return JsonResponse({"error": player_page.shown(error, request)})
    return JsonResponse(answer)


@require_POST
def progress(request: HttpRequest, world_name: str, start_id: str) -> HttpResponse:
    """Take what was played so far, report it to the shop, and say whether the viewer's time is over."""
    world, start = _find(world_name, start_id)
    body = _body(request)
    try:
        viewing = _viewing(start, body)
    except (KeyError, TypeError, ValueError):
        return HttpResponseBadRequest("No such viewing.")
    playtime = viewing.counters()["playtime"]
    now = world.clocks["kollus"].now()
    starts.change(world, start, playtime=playtime, position=viewing.position, heard_at=now)
    progress_reports.send(world, account_of(world), start, viewing, event=str(body.get("event", "")))
    code = start["stopped"] or starts.over_code(world, start, playtime)
    if code is None:
        return JsonResponse({})
    starts.change(world, start, stopped=code)
    return JsonResponse({"error": player_page.shown(PlayerError(code, "the limit is reached"), request)})


@require_POST
def left(request: HttpRequest, world_name: str, start_id: str) -> HttpResponse:
    """Note that the player was closed."""
    world, start = _find(world_name, start_id)
    starts.change(world, start, has_left=True)
    return JsonResponse({})


@require_POST
def obeyed(request: HttpRequest, world_name: str, start_id: str) -> HttpResponse:
    """Note what the page has forbidden or shown, as its rules say."""
    world, start = _find(world_name, start_id)
    act = _body(request).get("act")
    if act not in obeying.ACTS:
        return HttpResponseBadRequest("No such act.")
    with world.lock:
        starts.change(world, start, obeyed=start["obeyed"] | {act: start["obeyed"][act] + 1})
    return JsonResponse({})


@require_POST
def download(request: HttpRequest, world_name: str, start_id: str) -> HttpResponse:
    """Keep the film on the device, as an installed player does."""
    world, start = _find(world_name, start_id)
    wait(world)
    try:
        copy = copies.download(world, account_of(world), start)
    except PlayerError as error:
        return JsonResponse({"error": player_page.shown(error, request)})
    return JsonResponse({"copy": copy, "play": f"/copies/{world_name}/{copy['id']}/play"})


@require_POST
def play_copy(request: HttpRequest, world_name: str, copy_id: str) -> HttpResponse:
    """Play what was kept; `{"renew": true}` has it renewed instead."""
    world = worlds().by_name(world_name)
    copy = world.get(copies.KIND, copy_id) if world else None
    if world is None or copy is None:
        raise Http404
    try:
        copies.play(world, account_of(world), copy, renews=bool(_body(request).get("renew")))
    except PlayerError as error:
        return JsonResponse({"error": player_page.shown(error, request)})
    return JsonResponse({"copy": copy})


def _permit(world: World, account: Account, start: Start, kind: int, given: Json | None) -> Json:
    if not starts.needs_callback(start, account):
        starts.change(world, start, allowed=[*start["allowed"], kind])
    elif account.callback_from == "browser" and given is None:
        fields = play_callback.form(start, kind=kind, at=world.clocks["kollus"].seconds())
        return {"ask": {"url": account.play_callback_url, "form": fields}}
    else:
        reply = Reply(**given) if given else play_callback.ask(world, account, start, kind=kind)
        play_callback.judge(world, account, start, kind=kind, reply=reply)
    return {"limits": _limits(world, start), **_licence(world, start)}


def _check_still_open(world: World, start: Start) -> None:
    if start["stopped"]:
        raise PlayerError(start["stopped"], "this start has been refused")
    if switches.EXPT_CHECKED_WHILE_PLAYING and world.clocks["kollus"].now() > start["claims"]["expt"]:
        raise PlayerError(4085, "expt passed while the player was open")


def _licence(world: World, start: Start) -> Json:
    obeying.check_display(world, start["obeys"])
    return {"licence": licence.grant(world, start)} if starts.is_allowed(start) else {}


def _limits(world: World, start: Start) -> Json:
    ends = start["expiration_date"]
    return {
        "seconds": None if ends is None else ends - world.clocks["kollus"].now(),
        "playtime": start["expiration_playtime"] or None,
        "section": start.get("section") or start["item"].get("play_section"),
    }


def _viewing(start: Start, body: Json) -> Viewing:
    """Read what the page says it has played. :raises ValueError: it cannot have played that."""
    duration = start["content"]["duration_seconds"]
    stretches = [Stretch(float(low), float(high), float(speed)) for low, high, speed in body["stretches"]]
    position, open_seconds = float(body["position"]), float(body["open_seconds"])
    if not all(0 <= s.start <= s.end <= duration + 1 and 0.1 <= s.speed <= 16 for s in stretches):
        raise ValueError("outside the film")
    if not (0 <= position <= duration + 1 and 0 <= open_seconds <= _LONGEST_OPEN_SECONDS):
        raise ValueError("outside the film, or open for years")
    return Viewing(duration, stretches, open_seconds, position)


def _find(world_name: str, start_id: str) -> tuple[World, Start]:
    world = worlds().by_name(world_name)
    start = world.get(starts.KIND, start_id) if world else None
    if world is None or start is None:
        raise Http404
    return world, start


def _body(request: HttpRequest) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}
