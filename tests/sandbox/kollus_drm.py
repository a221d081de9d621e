"""A `drm_policy` put together from the reference: neither shop nor sandbox is its own judge."""

import base64
import hashlib
import json
from copy import deepcopy
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SITE: Final = {"site_id": "SITE", "site_key": "a site key of exactly 32 letters", "access_key": "access"}
UPLOAD_FILE_KEY: Final = "20260101-abcd1234"
CUID: Final = "ada-1"

Json = dict[str, Any]


def rule(*, hdcp: int = 0, seconds: int = 86400) -> Json:
    """A licence's rule. `hdcp` is what the display must be able to do: 0 nothing, 1 or 2."""
    return {
        "policy_version": 2,
        "playback_policy": {"persistent": False, "license_duration": seconds},
        "security_policy": [
            {
                "track_type": "ALL",
                "widevine": {"required_hdcp_version": ("HDCP_NONE", "HDCP_V1", "HDCP_V2_2")[hdcp]},
                "playready": {
                    "security_level": (150, 2000, 3000)[hdcp],
                    "require_hdcp_type_1": hdcp == 2,
                },
                "fairplay": {"hdcp_enforcement": hdcp - 1},
            }
        ],
    }


def policy(
    licence_rule: Any = None,
    *,
    site_key: str = SITE["site_key"],
    resigned: bool = True,
    streaming_type: str = "dash",
    **changes: Any,
) -> Json:
    """The whole of it. `changes` are of the signed fields, signed anew unless told otherwise."""
    text = json.dumps(rule() if licence_rule is None else licence_rule).encode()
    padding = 16 - len(text) % 16
    cipher = Cipher(algorithms.AES256(site_key.encode()), modes.CBC(b"0123456789abcdef")).encryptor()
    sealed = cipher.update(text + bytes([padding]) * padding) + cipher.finalize()
    said: Json = {
        "drm_type": "Widevine",
        "site_id": SITE["site_id"],
        "user_id": CUID,
        "cid": UPLOAD_FILE_KEY,
        "token": base64.b64encode(sealed).decode(),
        "timestamp": "2026-07-01T12:00:00Z",
    }
    before, said = deepcopy(said), said | changes
    signed = "".join(str((said if resigned else before).get(name, "")) for name in before)
    mac = hashlib.sha256((SITE["access_key"] + signed).encode()).digest()
    said.setdefault("hash", base64.b64encode(mac).decode())
    return {
        "kind": "inka",
        "streaming_type": streaming_type,
        "data": {
            "license_url": "https://licence.example/",
            "certificate_url": "https://licence.example/certificate",
            "custom_header": {
                "key": "pallycon-customdata-v2",
                "value": base64.b64encode(json.dumps(said).encode()).decode(),
            },
        },
    }
