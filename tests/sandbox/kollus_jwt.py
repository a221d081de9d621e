"""JWTs made with nothing but hmac, so that the sandbox's own signing is not its judge."""

import base64
import hashlib
import hmac
import json

HEADER = '{"typ":"JWT","alg":"HS256"}'


def jwt(payload: object, key: str, *, header: str = HEADER, standard_base64: bool = False) -> str:
    """Sign a payload: any JSON value, or a string that is taken as it is."""
    body = payload if isinstance(payload, str) else json.dumps(payload)
    signed = f"{_base64url(header.encode())}.{_base64url(body.encode())}"
    signature = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    encoded = base64.b64encode(signature).decode() if standard_base64 else _base64url(signature)
    return f"{signed}.{encoded}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
