"""How an event is written and signed. https://docs.stripe.com/webhooks/signature"""

import hashlib
import hmac
import json

from sandbox.worlds import Json

_OLD_SECONDS = 3600


def event_body(event: Json, *, livemode: bool | None = None) -> bytes:
    """Return the bytes that are sent for an event; `livemode` overrides what is true."""
    if livemode is not None:
        event = {**event, "livemode": livemode}
    return json.dumps(event, ensure_ascii=False).encode()


def signature_header(keys: list[str], body: bytes, *, at: int, how: str = "good") -> str | None:
    """Return the `Stripe-Signature` header with one `v1` per secret, as while a secret is rolled.

    `how`: "good"; "wrong": made with another secret; "old": an hour ago; "missing": None is returned.
    """
    if how == "missing":
        return None
    at = at - _OLD_SECONDS if how == "old" else at
    keys = ["whsec_sandbox_not_yours"] if how == "wrong" else keys
    signed = str(at).encode() + b"." + body
    digests = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
    return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])
