"""The page at which a person says who he is, and lets the shop know it or not."""

import hashlib
import secrets
import time
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from sandbox.sign_in.rules import SCOPES
from sandbox.worlds import World, worlds

CODE = "sign_in.code"


def page(request: HttpRequest, provider: str) -> HttpResponse:
    """Ask, and send the browser back. Nobody is sent to an address that is not registered."""
    asked = request.GET
    world = registered(provider, asked.get("client_id", ""))
    if world is None or asked.get("redirect_uri") not in world.config["sign_in"][provider]["redirect_uris"]:
        return HttpResponse("No such client, or not with this redirect_uri.\n", "text/plain", 400)
    if refusal := _refusal(provider, asked):
        return _back(asked, error=refusal)
    if request.method != "POST":
        answer = render(request, "sign_in.html", {"provider": provider.title()})
        answer["Cache-Control"] = "no-store"
        return answer
    if request.POST.get("answer") != "allow":
        return _back(asked, error="access_denied")
    return _back(asked, code=_code(world, provider, request))


def registered(provider: str, client_id: str) -> World | None:
    """Return the world whose shop has this client id."""
    return next(
        (
            world
            for world in worlds().all()
            if client_id and world.config.get("sign_in", {}).get(provider, {}).get("client_id") == client_id
        ),
        None,
    )


def _refusal(provider: str, asked: QueryDict) -> str:
    if asked.get("response_type") != "code" or not asked.get("state"):
        return "invalid_request"
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return "invalid_request"
    return "" if SCOPES[provider] <= set(asked.get("scope", "").split()) else "invalid_scope"


def _code(world: World, provider: str, request: HttpRequest) -> str:
    """A person is known by a number for good, whatever address he has."""
    code = secrets.token_urlsafe(24)
    person = request.POST.get("person", "")
    body = {
        "provider": provider,
        "redirect_uri": request.GET["redirect_uri"],
        "challenge": request.GET.get("code_challenge", ""),
        "uid": str(int(hashlib.sha256(f"{provider} {person}".encode()).hexdigest()[:15], 16)),
        "email": request.POST.get("email", "").strip(),
        "is_verified": "unverified" not in request.POST,
        "at": time.time(),
    }
    world.put(CODE, code, body)
    return code


def _back(asked: QueryDict, **told: str) -> HttpResponse:
    query = urlencode({**told, "state": asked.get("state", "")})
    return HttpResponseRedirect(f"{asked['redirect_uri']}?{query}")
