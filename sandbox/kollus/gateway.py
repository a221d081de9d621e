"""The Video Gateway: `/s?jwt=…&custom_key=…` answers with the player, or with the player showing why not.

Sources: https://docs.kollus.com/en/dev-guide/vod/player/call-player/ and …/player/jwt/standard/
"""

import logging
import time

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_safe

from sandbox.kollus import device, drm_policy, library, playback_token, player_page, starts, switches
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.worlds import World, worlds

REFUSED_KIND = "kollus.refusal"

logger = logging.getLogger(__name__)


@require_safe
def play(request: HttpRequest, *, is_installed: bool = False) -> HttpResponse:
    """Verify the link and open the player. A refusal is the player page too, with the documented code."""
    try:
        world, token = token_of(request, is_installed=is_installed)
    except PlayerError as error:
        return _refuse(request, error)
    start = starts.open_start(world, token, request)
    return player_page.opened(request, world, account_of(world), start, is_installed=is_installed)


@require_safe
def info(request: HttpRequest) -> HttpResponse:
    """Verify the link as `play` does, and open a start for an installed player, which asks here.

    What the real one answers to its players is not documented; ours learns where to go on.
    """
    try:
        world, token = token_of(request, is_installed=True)
    except PlayerError as error:
        _refuse(request, error)
        return JsonResponse({"error": player_page.shown(error, request)}, status=switches.REFUSAL_STATUS)
    start = starts.open_start(world, token, request)
    return JsonResponse({"start": f"/starts/{world.name}/{start['id']}/", "mckey": start["mckey"]})


@require_safe
def poster(request: HttpRequest, mckey: str) -> HttpResponse:
    """Redirect to the content's poster: one picture for all, as there is one film."""
    if not any(mckey in account_of(world).contents for world in worlds().all()):
        raise Http404
    return HttpResponseRedirect("/media/poster.jpg")


def token_of(
    request: HttpRequest, *, is_installed: bool = False
) -> tuple[World, playback_token.PlaybackToken]:
    """Return the account's world and the verified token of a link. :raises PlayerError: it opens nothing."""
    world = worlds().by_custom_key(request.GET.get("custom_key", ""))
    if world is None:
        raise PlayerError(4004, "no account has this custom key")
    wait(world)
    _fail_as_told(world)
    return world, _verify(request, world, account_of(world), is_installed=is_installed)


def account_of(world: World) -> Account:
    """Return what the world's customer has set up; a world without Kollus has an account with no content."""
    account = Account.from_configuration({"custom_key": "0" * 64, **world.config.get("kollus", {})})
    account.contents.update(library.playable(world, account))
    return account


def wait(world: World) -> None:
    """Be as slow as the controls ask."""
    time.sleep(world.faults.latency_seconds("kollus", "*"))


def _verify(
    request: HttpRequest, world: World, account: Account, *, is_installed: bool
) -> playback_token.PlaybackToken:
    others = [account_of(other) for other in worlds().all() if other is not world]
    at = world.clocks["kollus"].now()
    token = playback_token.check(request.GET.get("jwt", ""), account, others, at=at)
    has_agent = is_installed or bool((world.faults.value("kollus", "device") or {}).get("agent"))
    if token.content.protection == "kollus" and not has_agent:
        raise PlayerError(switches.NO_AGENT_CODE, "Kollus' own DRM needs its installed player")
    if token.drm:
        drm_policy.check_browser(token.drm["drm_type"], request.headers.get("User-Agent", ""))
    return token


def _fail_as_told(world: World) -> None:
    code = world.faults.value("kollus", "error_code")
    with world.lock:
        once = world.faults.value("kollus", "next_error")
        if once is not None:
            world.faults.merge({"kollus": {"next_error": None}})
    if once is not None or code is not None:
        raise PlayerError(abs(int(once if once is not None else code)), "set through the controls")


def _refuse(request: HttpRequest, error: PlayerError) -> HttpResponse:
    world = worlds().by_custom_key(request.GET.get("custom_key", ""))
    logger.info("playback refused", extra={"code": error.code, "reason": error.reason})
    if world is not None:
        at = world.clocks["kollus"].seconds()
        device_name = device.model(request.headers.get("User-Agent", ""))
        facts = {"at": at, "code": error.code, "reason": error.reason, "device_name": device_name}
        world.log(REFUSED_KIND, facts)
    return player_page.refused(request, error)
