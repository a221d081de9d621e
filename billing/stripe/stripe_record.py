"""Writes each exchange with Stripe's stand-in to a file, one JSON line each, to be held against Stripe's
contract.

The settings refuse `STRIPE_RECORD` with any key but the sandbox's: real traffic is never written down.
"""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

_lock = threading.Lock()


def session(path: str) -> requests.Session:
    """This will make the HTTP session to reach Stripe with, which records to `path` unless that is empty."""
    made = requests.Session()
    made.mount("http://", HTTPAdapter(pool_maxsize=32))
    made.mount("https://", HTTPAdapter(pool_maxsize=32))
    if path:
        made.hooks["response"].append(lambda response, *_args, **_kwargs: _write(path, _exchange(response)))
    return made


def write_webhook(*, body: bytes, signature: str, secret: str, received_at: datetime) -> None:
    """This will record one webhook delivery as it came in, with the secret that signed it."""
    record = {
        "kind": "webhook",
        "body": body.decode(),
        "headers": {"Stripe-Signature": signature},
        "secret": secret,
        "received_at": int(received_at.timestamp()),
    }
    _write(settings.STRIPE_RECORD, record)


def _exchange(response: requests.Response) -> dict[str, Any]:
    request = response.request
    url = urlsplit(request.url or "")
    body = request.body or ""
    return {
        "method": request.method,
        "path": f"{url.path}?{url.query}" if url.query else url.path,
        "form_body": body if isinstance(body, str) else body.decode(),
        "status": response.status_code,
        "response_json": response.json(),
        "idempotency_key": request.headers.get("Idempotency-Key"),
    }


def _write(path: str, record: dict[str, Any]) -> None:
    line = json.dumps(record, separators=(",", ":"))
    with _lock, Path(path).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
