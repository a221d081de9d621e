"""The bank's page, framed by the shop. What it does is decided by the fault `three_ds.mode`:

`buttons` (the buyer chooses), `immediate_pass`, `immediate_fail`, `slow` (buttons after some seconds),
`never` (no way out), `top_navigation` (buttons that take the whole window along, as some banks do).
https://docs.stripe.com/payments/3d-secure/authentication-flow
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sandbox import deliveries
from sandbox.server import after_answer
from sandbox.stripe import challenges
from sandbox.stripe.call import Call
from sandbox.stripe.money import readable
from sandbox.worlds import Json, World, worlds

SLOW_SECONDS = 4
_IMMEDIATE = {"immediate_pass": True, "immediate_fail": False}
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'"


def show(request: HttpRequest, world: str, challenge_id: str) -> HttpResponse:
    """Ask the buyer, or end what he chose by going back to the shop."""
    found = worlds().by_name(world)
    if found is None or found.get(challenges.KIND, challenge_id) is None:
        raise Http404
    mode = found.faults.value("three_ds", "mode")
    if request.method == "POST":
        return _finish(request, found, challenge_id, passed=request.POST.get("outcome") == "pass")
    if mode in _IMMEDIATE:
        return _finish(request, found, challenge_id, passed=_IMMEDIATE[mode])
    return _ask(request, found, challenge_id, mode)


def _finish(request: HttpRequest, world: World, challenge_id: str, *, passed: bool) -> HttpResponse:
    call = Call(world)
    with world.lock:
        challenge = challenges.finish(call, challenge_id, passed=passed)
        back = challenges.way_back(call, challenge)
    after_answer(request, lambda: deliveries.release(world, call.planned))
    if back is None:
        return _page(request, {"ended": True})
    return HttpResponse(status=303, headers={"Location": back, "Cache-Control": "no-store"})


def _ask(request: HttpRequest, world: World, challenge_id: str, mode: str) -> HttpResponse:
    with world.lock:
        challenge = world.get(challenges.KIND, challenge_id) or {}
        intent = world.get(challenge["kind"], challenge["intent"]) or {}
    if challenge["state"] != "open":
        return _page(request, {"ended": True})
    amount = readable(intent["amount"], intent["currency"]) if "amount" in intent else ""
    slow = SLOW_SECONDS if mode == "slow" else 0
    target = "_top" if mode == "top_navigation" else "_self"
    return _page(request, {"amount": amount, "mode": mode, "slow": slow, "target": target})


def _page(request: HttpRequest, context: Json) -> HttpResponse:
    answer = render(request, "challenge.html", context)
    answer["Content-Security-Policy"] = _POLICY
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
