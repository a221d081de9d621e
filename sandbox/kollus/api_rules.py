"""What every call of Kollus' API must keep to: a good token, and a second between two calls of an account.

Source: https://catenoid-support.gitbook.io/developer-welcome-kit/vod/vod-api
"""

import functools
import json
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox.kollus import switches
from sandbox.worlds import World, worlds

KIND = "kollus.api_call"

P = ParamSpec("P")
Refuse = Callable[[int, str], HttpResponse]
View = Callable[Concatenate[HttpRequest, World, P], HttpResponse]

_called_at: dict[str, float] = {}


def ruled(method: str, refuse: Refuse) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Let only `method` through, with the token of a world and not too soon; `refuse` writes the refusal."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(view)
        def check(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            world = _world_of(request.GET.get("access_token", ""))
            if world is None:
                return refuse(switches.BAD_TOKEN_STATUS, "The access token is invalid.")
            trouble = _trouble(world, request, method, refuse)
            answer = trouble or _oddly(world, view(request, world, *args, **kwargs))
            _log(world, request, answer, is_heard=trouble is None)
            return answer

        return check

    return decorate


def _trouble(world: World, request: HttpRequest, method: str, refuse: Refuse) -> HttpResponse | None:
    time.sleep(world.faults.latency_seconds("kollus", "*"))
    how = world.faults.value("kollus", "api")
    if how == "down":
        return HttpResponse("Service Unavailable", status=503)
    if how == "garbage":
        return HttpResponse("<html>Gateway</html>")
    if how == "redirect":
        return HttpResponse(status=307, headers={"Location": request.get_full_path()})
    if how == "limit" or _is_too_soon(world):
        return refuse(switches.TOO_MANY_STATUS, "Too many requests.")
    if request.method != method:
        return refuse(405, "Method not allowed.")
    return None


def _oddly(world: World, answer: HttpResponse) -> HttpResponse:
    """Write what is asked for in a shape that no document has, where it shall be one."""
    how = world.faults.value("kollus", "api")
    if how not in ("odd", "null"):
        return answer
    body = json.loads(answer.content)
    name = "result" if "result" in body else "data"
    odd = {"item": "odd", "items": {"item": ["odd"]}, "count": 1}
    return JsonResponse({**body, name: odd if how == "odd" else None}, status=answer.status_code)


def _is_too_soon(world: World) -> bool:
    with world.lock:
        now = time.monotonic()
        before = _called_at.get(world.name, float("-inf"))
        _called_at[world.name] = now
        return now - before < switches.SECONDS_BETWEEN_CALLS


def _log(world: World, request: HttpRequest, answer: HttpResponse, *, is_heard: bool) -> None:
    call: dict[str, Any] = {"at": time.time(), "method": request.method, "path": request.path}
    said = {"form": request.POST.dict(), "status": answer.status_code}  # 200 even where version 0 refuses
    world.log(KIND, call | said | {"is_heard": is_heard})


def _world_of(token: str) -> World | None:
    known = [world for world in worlds().all() if world.config.get("kollus", {}).get("api_token")]
    return next((each for each in known if token == each.config["kollus"]["api_token"]), None)
