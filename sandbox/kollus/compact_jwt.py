"""Compact JWTs as Kollus uses them: HS256 with the security key's UTF-8 bytes, nothing else.

Source: https://docs.kollus.com/en/dev-guide/vod/player/jwt/standard/
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from sandbox.kollus import switches


class NotAToken(Exception):
    """The text is no JWT that this key signed; the message says what is wrong with it."""


class NotJson(NotAToken):
    """The signature is good, but the payload is not JSON."""


def sign(payload: object, key: str) -> str:
    """Return the compact JWT of the payload, which may be any JSON value."""
    header = _encode(b'{"alg":"HS256","typ":"JWT"}')
    body = _encode(json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{header}.{body}.{_encode(_signature(f'{header}.{body}', key))}"


def read(token: str, key: str) -> Any:
    """Return the payload of a token that this key signed.

    A signature in standard base64 is taken too, since official samples for ASP and .NET send it.
    :raises NotAToken: not three segments, another algorithm, or another signature.
    :raises NotJson: signed, but not JSON.
    """
    segments = token.split(".")
    if len(segments) != 3:
        raise NotAToken("not three segments")
    header, body, signature = segments
    try:
        algorithm = json.loads(_decode(header))["alg"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotAToken("the header is unreadable") from error
    if algorithm != "HS256":
        raise NotAToken("only HS256 is supported")
    if not hmac.compare_digest(_signature_bytes(signature), _signature(f"{header}.{body}", key)):
        raise NotAToken("the signature is wrong")
    try:
        return json.loads(_decode(body), parse_constant=_refuse_constant)
    except ValueError as error:
        raise NotJson("the payload is not JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _signature(signed: str, key: str) -> bytes:
    return hmac.digest(key.encode(), signed.encode(), hashlib.sha256)


def _signature_bytes(text: str) -> bytes:
    # In a query string the plus sign of standard base64 may have become a space on its way.
    if switches.STANDARD_BASE64_SIGNATURE:
        text = text.replace(" ", "-").replace("+", "-").replace("/", "_").rstrip("=")
    try:
        return _decode(text)
    except ValueError as error:
        raise NotAToken("the signature is not base64") from error


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(segment: str) -> bytes:
    if not segment.isascii():
        raise ValueError("not base64url")
    try:
        return base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
