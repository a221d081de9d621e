"""What Stripe.js in a page is made of: the script, its frames, and the calls that only frames make."""

import functools
import json
import secrets
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sandbox import static_files
from sandbox.stripe import confirmation_tokens, payment_methods
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.errors import ApiError, invalid, missing_resource, unauthorized
from sandbox.worlds import Json, World, worlds

P = ParamSpec("P")
_SCRIPT = static_files.ROOT / "stripe" / "page"
_SHOWN = (
    "amount currency canceled_at cancellation_reason capture_method client_secret "
    "confirmation_method created description id last_payment_error livemode next_action object "
    "payment_method payment_method_types processing receipt_email setup_future_usage shipping status "
    "automatic_payment_methods "
)  # of an intent, to the page
_WRAPPER = '(() => {\n"use strict"\nconst ORIGIN = new URL(document.currentScript.src).origin\n%s\n})()\n'
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none';"
    " base-uri 'none'"
)


def stripe_js(request: HttpRequest) -> HttpResponse:
    """Serve the script that a page loads, slowly or not at all if the faults of the page's world say so."""
    faults = [world.faults for world in _asking(request)]
    if any(each.value("js", "block") for each in faults):
        return HttpResponse("Stripe.js is blocked by a fault of the sandbox.\n", "text/plain", 503)
    time.sleep(max((float(each.value("js", "slow_seconds")) for each in faults), default=0))
    parts = "\n".join(path.read_text() for path in sorted(_SCRIPT.glob("*.js")))
    return HttpResponse(
        _WRAPPER % parts, "text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _asking(request: HttpRequest) -> list[World]:
    """Return the worlds whose page may be asking: by `?key=`, by the shop's port, or the newest one."""
    known = worlds().all()
    key = request.GET.get("key")
    if key:
        return [world for world in known if world.config.get("publishable_key") == key]
    page = urlsplit(request.headers.get("Referer", "")).port
    hooks = {world.name: urlsplit(world.config.get("webhook", {}).get("url") or "").port for world in known}
    return [world for world in known if page and hooks[world.name] == page] or known[-1:]


def payment_frame(request: HttpRequest) -> HttpResponse:
    """Serve the frame with the card's inputs."""
    return _frame(request, "elements_payment.html")


def controller_frame(request: HttpRequest) -> HttpResponse:
    """Serve the hidden frame through which a page reads its payment intent."""
    return _frame(request, "elements_controller.html")


def _frame(request: HttpRequest, template: str) -> HttpResponse:
    answer = render(request, template)
    answer["Content-Security-Policy"] = _POLICY
    answer["Cache-Control"] = "no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _private(
    handler: Callable[Concatenate[Call, P], Json],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer a frame's call, made with the publishable key of a known world."""

    @functools.wraps(handler)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            world = _world(request)
            with world.lock:
                call = Call(world, json.loads(request.body or b"{}"), request_id=new_id("req", 14))
                return JsonResponse(handler(call, *args, **kwargs))
        except ApiError as error:
            return JsonResponse(error.body(), status=error.status)

    return view


def _world(request: HttpRequest) -> World:
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    world = worlds().by_publishable_key(key)
    if world is None:
        raise unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 8}")
    return world


@_private
def session(call: Call) -> Json:
    """Tell a frame that its publishable key is known."""
    return {"livemode": False}


@_private
def create_confirmation_token(call: Call) -> Json:
    """Make a confirmation token of the card in the frame; the page gets it without the number."""
    given = call.params
    number, month, year, cvc = _card(given)
    face = payment_methods.face_of(call, number, month, year, has_cvc=bool(cvc))
    billing = payment_methods.billing_details(given.get("billing_details") or {})
    promise = {name: given[name] for name in ("amount", "currency") if given.get(name) is not None}
    usage = given.get("setup_future_usage")
    if given.get("mode") in ("setup", "subscription"):
        usage = "off_session"  # https://docs.stripe.com/js/elements_object/create_without_intent
    if promise:
        promise["setup_future_usage"] = usage
    return confirmation_tokens.make(
        call,
        face,
        number,
        billing,
        return_url=given.get("return_url"),
        setup_future_usage=usage,
        promise=promise,
    )


@_private
def create_payment_method(call: Call) -> Json:
    """Make a payment method of the card in the frame."""
    number, month, year, cvc = _card(call.params)
    face = payment_methods.face_of(call, number, month, year, has_cvc=bool(cvc))
    billing = payment_methods.billing_details(call.params.get("billing_details") or {})
    return payment_methods.make(call, face, number, billing)


@_private
def retrieve_payment_intent(call: Call, intent: str) -> Json:
    """Show an intent to who has its client secret, without what only the shop may see."""
    found = call.world.get("payment_intent", intent)
    secret = str(call.params.get("client_secret", ""))
    if found is None or not secrets.compare_digest(found["client_secret"].encode(), secret.encode()):
        raise missing_resource("payment_intent", intent, param="intent")
    return {name: found[name] for name in _SHOWN.split()}


def _card(given: Json) -> tuple[str, int, int, str]:
    try:
        return payment_methods.read_card(given["card"])
    except (KeyError, TypeError, ValueError):
        raise invalid("Your card's details are incomplete.", param="card") from None
