"""The front door of the API: key, faults, idempotency, parameters, one handler, one answer."""

import base64
import json
import time
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

from sandbox import deliveries
from sandbox.server import after_answer, cut_connection
from sandbox.stripe import hanging, idempotency
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.contract import answer_schema, parameters, version
from sandbox.stripe.errors import ApiError, invalid, unauthorized
from sandbox.stripe.expansion import check_paths, expand
from sandbox.stripe.params import check, decode
from sandbox.stripe.planned_failures import Cut, Failure, planned_failure
from sandbox.stripe.routes import Route, find
from sandbox.worlds import Json, World, worlds


@dataclass
class Answer:
    """What goes back."""

    status: int
    body: str
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)


def view(request: HttpRequest) -> HttpResponse:
    """Answer any call below /v1."""
    request_id = new_id("req", 14)
    try:
        world = _world(request)
    except ApiError as error:
        return _respond(Answer(error.status, _json(error.body()), request_id))
    with hanging.under_way(world):
        try:
            answer = _answer(request, world, request_id)
        except ApiError as error:
            answer = Answer(error.status, _json(error.body()), request_id)
        except Cut:
            _log(request, world, None)
            return cut_connection()
        _log(request, world, answer.status)
    return _respond(answer)


def _answer(request: HttpRequest, world: World, request_id: str) -> Answer:
    found = find(request.method or "", request.path)
    if found is None:
        message = f"Unrecognized request URL ({request.method}: {request.path})."
        raise ApiError(404, "invalid_request_error", message, is_stored=False)
    asked = request.headers.get("Stripe-Version", version())
    if asked != version():
        raise invalid(
            f"Invalid Stripe API version: {asked}. The sandbox serves {version()}.", is_stored=False
        )
    route, ids = found
    key = request.headers.get("Idempotency-Key") if route.method == "POST" else None
    with idempotency.only_one(world, key):
        failure = planned_failure(world, route.name)
        answer = _once(request, world, route, ids, key, request_id, failure)
        if failure and failure.loses_answer:
            raise Cut
        return answer


def _once(
    request: HttpRequest,
    world: World,
    route: Route,
    ids: dict[str, str],
    key: str | None,
    request_id: str,
    failure: Failure | None,
) -> Answer:
    """Answer from memory, or do the work and remember it."""
    raw = decode(request.body.decode() if route.method == "POST" else request.META["QUERY_STRING"])
    with world.lock:
        first = idempotency.recall(world, key, request.path, raw) if key else None
        if first is not None:
            again = {"Idempotent-Replayed": "true", "Original-Request": first["request_id"]}
            return Answer(first["status"], first["body"], request_id, again)
        call = Call(world, check(raw, parameters(route.method, route.operation)), ids, request_id, key)
        after_answer(request, lambda: deliveries.release(world, call.planned))
        try:
            if failure and failure.error:
                raise failure.error
            status, body = 200, _perform(call, route)
        except ApiError as error:
            if not error.is_stored:
                raise
            status, body = error.status, _json(error.body())
        if key:
            idempotency.remember(world, key, request.path, raw, status, body, request_id)
        return Answer(status, body, request_id, {"Original-Request": request_id} if key else {})


def _perform(call: Call, route: Route) -> str:
    paths = call.params.get("expand", [])
    schema = answer_schema(route.operation)
    check_paths(schema, paths)
    return _json(expand(call.world, route.handler(call), schema, paths))


def _world(request: HttpRequest) -> World:
    """Return the world of the request's key. :raises ApiError: 401, no key or not one of ours."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = base64.b64decode(given, validate=False).decode(errors="replace").partition(":")[0]
    if not given:
        raise unauthorized(
            "You did not provide an API key. Provide it in the Authorization header, using Bearer auth."
        )
    world = worlds().get(given)
    if world is None:
        raise unauthorized(
            f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:] if len(given) > 16 else ''}"
        )
    return world


def _respond(answer: Answer) -> HttpResponse:
    headers = {
        "Request-Id": answer.request_id,
        "Stripe-Version": version(),
        "Cache-Control": "no-cache, no-store",
    }
    return HttpResponse(answer.body, "application/json", answer.status, headers={**headers, **answer.headers})


def _log(request: HttpRequest, world: World, status: int | None) -> None:
    entry: Json = {
        "method": request.method,
        "path": request.get_full_path(),
        "status": status,
        "at": time.time(),
    }
    world.log("_request", {**entry, "idempotency_key": request.headers.get("Idempotency-Key")})


def _json(body: Json) -> str:
    return json.dumps(body)  # in one line, not as Stripe does: indented takes Python ten times as long
