"""The authenticator app on a colleague's phone, by RFC 6238: it knows nothing of the shop's own code."""

import base64
import hashlib
import hmac
import time


def code(secret: str, *, at: float | None = None, steps: int = 0) -> str:
    """The six digits the app shows, now or so many half minutes from now."""
    key = base64.b32decode(secret.replace(" ", "").encode())
    counter = int(time.time() if at is None else at) // 30 + steps
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    value = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**6:06}"
