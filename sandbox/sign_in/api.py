"""What the shop's server asks: a token for the code, once, then the profile of the token."""

import base64
import hashlib
import secrets
import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from sandbox.sign_in.authorize import CODE, registered
from sandbox.sign_in.rules import PROFILES
from sandbox.worlds import Json, World, worlds

TOKEN = "sign_in.token"  # noqa: S105 - the name of a kind
_CODE_SECONDS, _TOKEN_SECONDS = 600, 3600


@require_POST
def token(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a code in. Whoever brings it must be the client it was made for, from the same address."""
    given = request.POST
    world = registered(provider, given.get("client_id", ""))
    if world is None or not _same(given.get("client_secret"), world.config["sign_in"][provider]["secret"]):
        return _refused("invalid_client", 401)
    if world.faults.value("sign_in", "down"):
        return HttpResponse("Something is wrong here.\n", "text/plain", 503)
    with world.lock:
        code = world.get(CODE, given.get("code", ""))
        world.remove(CODE, given.get("code", ""))
    if given.get("grant_type") != "authorization_code":
        return _refused("unsupported_grant_type", 400)
    if code is None or code["provider"] != provider or code["redirect_uri"] != given.get("redirect_uri"):
        return _refused("invalid_grant", 400)
    is_stale = time.time() - code["at"] >= world.config["sign_in"].get("code_seconds", _CODE_SECONDS)
    if is_stale or not _same(code["challenge"], _challenge(given.get("code_verifier", ""))):
        return _refused("invalid_grant", 400)
    name = secrets.token_urlsafe(24)
    world.put(TOKEN, name, code | {"at": time.time()})
    return JsonResponse({"access_token": name, "token_type": "Bearer", "expires_in": _TOKEN_SECONDS})


@require_GET
def me(request: HttpRequest, provider: str) -> HttpResponse:
    """Say who it is."""
    name = request.headers.get("Authorization", "").removeprefix("Bearer ")
    of = next((found for world in worlds().all() if (found := _of(world, name, provider))), None)
    if of is None:
        return _refused("invalid_token", 401)
    return JsonResponse(PROFILES[provider](of["uid"], of["email"], of["is_verified"]))


def _of(world: World, name: str, provider: str) -> Json | None:
    found = world.get(TOKEN, name) if name else None
    if found is None or found["provider"] != provider or time.time() - found["at"] >= _TOKEN_SECONDS:
        return None
    return found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") if verifier else ""


def _same(given: str | None, kept: str) -> bool:
    return secrets.compare_digest((given or "").encode(), kept.encode())


def _refused(error: str, status: int) -> HttpResponse:
    return JsonResponse({"error": error}, status=status)
