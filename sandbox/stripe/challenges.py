"""The bank's question to the buyer: opened by a confirmation, ended by its page, void once it is too late.

https://docs.stripe.com/payments/3d-secure/authentication-flow
"""

import contextlib
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.settings import origin
from sandbox.stripe import known_cards, setup_outcomes
from sandbox.stripe.billing import invoice_outcomes
from sandbox.stripe.call import Call, new_id
from sandbox.stripe.charging import charge, fail
from sandbox.stripe.declines import SETUP_FAILURE, authentication_failed
from sandbox.stripe.errors import ApiError
from sandbox.worlds import Json

KIND = "_challenge"


def begin(call: Call, intent: Json, method: Json, *, return_url: str | None, with_sdk: bool) -> None:
    """Ask for the buyer: the intent waits in `requires_action` with the address of the bank's page."""
    challenge = {
        "id": new_id("payatt"),
        "intent": intent["id"],
        "kind": intent["object"],
        "payment_method": method["id"],
        "return_url": return_url,
        "state": "open",
    }
    call.world.put(KIND, challenge["id"], challenge)
    url = f"{origin('hooks.stripe.localhost')}/3d_secure/{call.world.name}/{challenge['id']}"
    if with_sdk:
        action = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url},
        }
    else:
        action = {"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"}
    intent |= {"next_action": action, "status": "requires_action"}
    call.save(intent)


def void(call: Call, intent: Json) -> None:
    """Take back what was asked for this intent: the page that may still be open decides nothing any more."""
    for challenge in _open_for(call, intent):
        call.world.put(KIND, challenge["id"], {**challenge, "state": "void"})


def finish(call: Call, challenge_id: str, *, passed: bool) -> Json:
    """Let the buyer pass or fail, once, and return the challenge. Later ends change nothing."""
    challenge = call.find(KIND, challenge_id)
    if challenge["state"] != "open":
        return challenge
    challenge = call.world.put(KIND, challenge_id, {**challenge, "state": "passed" if passed else "failed"})
    intent = call.find(challenge["kind"], challenge["intent"])
    method = call.find("payment_method", challenge["payment_method"])
    with contextlib.suppress(ApiError):  # the intent keeps it; a bank's page is told nothing
        _end(call, intent, method, passed=passed)
    if intent["object"] == "payment_intent":
        invoice_outcomes.note(call, intent)
    return challenge


def _end(call: Call, intent: Json, method: Json, *, passed: bool) -> None:
    if intent["object"] == "setup_intent":
        if not passed:
            raise setup_outcomes.fail(call, intent, method, authentication_failed(SETUP_FAILURE))
        setup_outcomes.succeed(call, intent, method)
        return
    if not passed:
        raise fail(call, intent, method, authentication_failed())
    known_cards.mark_set_up(call, method["id"])
    charge(call, intent, method, authentication="challenge")


def way_back(call: Call, challenge: Json) -> str | None:
    """Return the shop's address with the two query parameters that Stripe adds."""
    kind = challenge["kind"]
    intent = call.find(kind, challenge["intent"])
    if not challenge["return_url"]:
        return None
    parts = urlsplit(challenge["return_url"])
    added = {kind: intent["id"], f"{kind}_client_secret": intent["client_secret"]}
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *added.items()])
    return urlunsplit(parts._replace(query=query))


def _open_for(call: Call, intent: Json) -> list[Json]:
    mine = [challenge for challenge in call.world.all(KIND) if challenge["intent"] == intent["id"]]
    return [challenge for challenge in mine if challenge["state"] == "open"]
