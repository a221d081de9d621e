"""The control page: worlds, objects, deliveries with their answers, and a button for every fault."""

import json
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sandbox import acting, controls, deliveries
from sandbox.act_buttons import buttons_for
from sandbox.clock import readable
from sandbox.fault_buttons import BUTTONS
from sandbox.settings import this_process
from sandbox.worlds import Json, World, worlds

_SHOWN = 60
_STEPS = [("A day on", 86400), ("A week on", 7 * 86400), ("31 days on", 31 * 86400)]
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"
_SUMMARY = (
    *("status", "amount", "currency", "subject", "email", "type", "title", "payment_intent"),
    *("kind", "verdict", "event", "mckey", "code", "reason"),
)


def index(request: HttpRequest) -> HttpResponse:
    """List the worlds; with one only, show it."""
    known = worlds().all()
    if len(known) == 1:
        return redirect(f"/worlds/{known[0].name}/")
    return _page(request, "worlds.html", {"worlds": known})


def world_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one world: what happened in it, newest first, and what can be made to happen."""
    world = _find(name)
    with world.lock:
        context = {
            "world": world,
            "buttons": BUTTONS,
            "faults": _set_faults(world),
            "steps": _STEPS,
            "clocks": [(whose, int(clock.offset_seconds)) for whose, clock in world.clocks.items()],
            "deliveries": [_timed(delivery) for delivery in _newest(world, deliveries.KIND)],
            "requests": [_timed(entry) for entry in _newest(world, "_request")],
            "kinds": [_shelf(world, kind) for kind in sorted(world.kinds(), key=_stripe_first)],
        }
    return _page(request, "world.html", context)


def no_icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for an icon on their own; there is none."""
    return HttpResponse(status=204)


def act(request: HttpRequest, name: str) -> HttpResponse:
    """Do what a button of the page says, then show the page again."""
    world = _find(name)
    if request.method != "POST" or not controls.has_token(request):
        return HttpResponse("This button needs the page's own form.\n", "text/plain", 403)
    if "faults" in request.POST:
        world.faults.merge(json.loads(request.POST["faults"]))
    elif "intervene" in request.POST:
        try:
            wish = json.loads(request.POST["intervene"])
            acting.act(world, wish.pop("act"), wish.pop("object"), **wish)
        except ValueError as error:
            return HttpResponse(f"{error}\n", "text/plain", 400)
    elif "resend" in request.POST:
        signature = request.POST.get("signature", "good")
        deliveries.resend(world, event_id=request.POST["resend"], signature=signature)
    elif "age" in request.POST:
        whose, seconds = request.POST["age"].split()
        world.shift_clock(whose, world.clocks[whose].offset_seconds + int(seconds))
    elif "clock" in request.POST:
        world.shift_clock(request.POST["clock"], float(request.POST.get("offset_seconds") or 0))
    elif "reset" in request.POST:
        deliveries.forget(world)
        world.reset()
    deliveries.wake()
    return redirect(f"/worlds/{name}/")


def _page(request: HttpRequest, template: str, context: Json) -> HttpResponse:
    answer = render(request, template, {"token": this_process.token, **context})
    answer["Content-Security-Policy"] = f"{_POLICY}; frame-ancestors 'none'"
    answer["Cache-Control"] = "no-store"
    return answer


def _find(name: str) -> World:
    world = worlds().by_name(name)
    if world is None:
        raise Http404
    return world


def _newest(world: World, kind: str) -> list[Json]:
    return world.all(kind)[: -_SHOWN - 1 : -1]


def _set_faults(world: World) -> list[tuple[str, str]]:
    """Return the faults that are set, as (name, value) to be read."""
    return [
        (f"{group} · {name}", json.dumps(value, ensure_ascii=False))
        for group, values in world.faults.read().items()
        for name, value in values.items()
        if value and value != "good" and value != "buttons"
    ]


def _timed(entry: Json) -> Json:
    return {**entry, "when": readable(entry["at"]), "path": unquote(entry.get("path", ""))}


def _stripe_first(kind: str) -> bool:
    return kind.startswith("kollus.")


def _shelf(world: World, kind: str) -> Json:
    """Return one kind of object as the page lists it: `kollus.start` is read as "Kollus: start"."""
    if kind.startswith("sign_in."):
        return {"name": f"Signing in: {kind[8:]}", "count": len(world.all(kind)), "objects": []}
    whose, what = ("Kollus", kind[7:]) if kind.startswith("kollus.") else ("Stripe", kind.rpartition(".")[2])
    return {
        "name": f"{whose}: {what.replace('_', ' ')}",
        "count": len(world.all(kind)),
        "objects": [{**_summary(body), "buttons": buttons_for(kind, body)} for body in _newest(world, kind)],
    }


def _summary(body: Json) -> Json:
    shown = {key: body[key] for key in _SUMMARY if body.get(key) not in (None, "")}
    facts = [f"kind {value}" if key == "kind" else str(value) for key, value in shown.items()]
    at = body.get("created", body.get("at"))
    return {
        "id": body.get("id", ""),
        "when": readable(at) if at else "",
        "facts": " · ".join(facts),
        "json": json.dumps(body, indent=2, ensure_ascii=False),
    }
