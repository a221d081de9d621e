"""The controls over HTTP: JSON in and out, guarded by the token that the process printed when it started."""

import functools
import json
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from sandbox import acting, deliveries, mailbox
from sandbox.kollus import duplicates
from sandbox.kollus import report as kollus
from sandbox.settings import this_process
from sandbox.stripe import hanging, later
from sandbox.worlds import Json, World, worlds

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class BadControl(Exception):
    """What was asked makes no sense; its text says why."""


def guarded(*methods: str) -> Callable[[View[P]], View[P]]:
    """Let only `methods` through, only with the token; answer a `BadControl` with 400 and its text."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def check(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not has_token(request):
                return JsonResponse({"error": "X-Sandbox-Token is missing or wrong."}, status=403)
            if request.method not in methods:
                return JsonResponse({"error": f"Use {' or '.join(methods)}."}, status=405)
            try:
                return view(request, *args, **kwargs)
            except (BadControl, ValueError, KeyError, TypeError) as error:
                return JsonResponse({"error": str(error)}, status=400)

        return check

    return decorate


def has_token(request: HttpRequest) -> bool:
    """Tell whether the request carries our token, in the header or in a form of our page."""
    given = request.headers.get("X-Sandbox-Token")
    if given is None:
        given = request.POST.get("token", "")
    return secrets.compare_digest(given.encode(), this_process.token.encode())


@guarded("PUT", "GET")
def world(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Create or update a world, or report all that it holds, or `?only=` a part of that."""
    if request.method == "PUT":
        made = worlds().create(secret_key)
        made.configure(_body(request))
        return JsonResponse({"name": made.name})
    return JsonResponse(report(_world(secret_key), only=request.GET.get("only", "")))


@guarded("POST", "GET")
def faults(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Set faults (null clears), or read them."""
    subject = _world(secret_key)
    if request.method == "POST":
        changes = _body(request)
        duplicates.Policy.read((changes.get("kollus") or {}).get("duplicates"))
        subject.faults.merge(changes)
        deliveries.wake()
    return JsonResponse(subject.faults.read())


@guarded("POST")
def resend(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Deliver an event again, as often and as badly signed as asked."""
    body = _body(request)
    sent = deliveries.resend(
        _world(secret_key),
        event_id=body["event_id"],
        times=int(body.get("times", 1)),
        signature=body.get("signature", "good"),
    )
    return JsonResponse({"deliveries": sent})


@guarded("POST")
def clock(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Shift the clock of one provider; what falls due by that happens at once."""
    body, subject = _body(request), _world(secret_key)
    subject.shift_clock(body["whose"], float(body["offset_seconds"]))
    later.catch_up(subject)
    deliveries.wake()
    return JsonResponse({"whose": body["whose"], "offset_seconds": body["offset_seconds"]})


@guarded("POST")
def intervene(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Do to an object what the world outside does: `{"act": "fail_refund", "object": "re_…"}`."""
    body = _body(request)
    acting.act(_world(secret_key), body.pop("act"), body.pop("object"), **body)
    return JsonResponse({})


@guarded("POST", "GET")
def hanging_calls(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Count the Stripe calls that hang, or let them go: answered once all of them are done."""
    subject = _world(secret_key)
    if request.method == "POST":
        hanging.let_go(subject)
    return JsonResponse({"hanging": hanging.count(subject)})


@guarded("POST")
def reset_world(request: HttpRequest, secret_key: str) -> HttpResponse:
    """Forget what happened in one world; its configuration stays."""
    subject = _world(secret_key)
    deliveries.forget(subject)
    subject.reset()
    return JsonResponse({})


@guarded("POST")
def reset(request: HttpRequest) -> HttpResponse:
    """Reset every world and empty the mailbox."""
    for subject in worlds().all():
        deliveries.forget(subject)
    worlds().reset()
    return JsonResponse({})


@guarded("GET")
def mail(request: HttpRequest) -> HttpResponse:
    """List the mails, `?to=` narrowing them down."""
    return JsonResponse(mailbox.received(request.GET.get("to", "")), safe=False)


def report(world: World, *, only: str = "") -> Json:
    """Return what a world holds, as GET answers it."""
    parts: dict[str, Callable[[], Any]] = {
        "objects": lambda: {kind: world.all(kind) for kind in _kinds_of_stripe(world)},
        "events": lambda: world.all("event"),
        "deliveries": lambda: world.all(deliveries.KIND),
        "requests": lambda: world.all("_request"),
        "kollus": lambda: kollus.report(world),
    }
    with world.lock:
        return {name: read() for name, read in parts.items() if only in ("", name)}


def _kinds_of_stripe(world: World) -> list[str]:
    return [
        kind for kind in world.kinds() if kind != "event" and not kind.startswith(("kollus.", "sign_in."))
    ]


def _world(secret_key: str) -> World:
    found = worlds().get(secret_key)
    if found is None:
        raise BadControl("No such world: PUT it first.")
    return found


def _body(request: HttpRequest) -> dict[str, Any]:
    body = json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise BadControl("A JSON object is expected.")
    return body


urlpatterns = [
    path("worlds/<str:secret_key>", world),
    path("worlds/<str:secret_key>/faults", faults),
    path("worlds/<str:secret_key>/deliveries/resend", resend),
    path("worlds/<str:secret_key>/clock", clock),
    path("worlds/<str:secret_key>/acts", intervene),
    path("worlds/<str:secret_key>/hanging", hanging_calls),
    path("worlds/<str:secret_key>/reset", reset_world),
    path("reset", reset),
    path("mail", mail),
]
