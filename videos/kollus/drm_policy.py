"""Multi DRM's part of a link: which key system this browser has, and a licence token made for this one play.

Sources: https://docs.kollus.com/en/dev-guide/vod/player/jwt/multidrm/ and, for the licence rule,
https://github.com/kollus-service/kollus_multidrm_with_dhcp
"""

import base64
import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from django.conf import settings

# Made once: each play waits on it.
_WRITE: Final = json.JSONEncoder(separators=(",", ":")).encode

_IV: Final = b"0123456789abcdef"  # the licence server's, the same for every customer
# Tried in this order; on an iPhone or iPad every browser is Apple's engine, whatever it calls itself.
# Official samples disagree on Edge under Windows (three of four say PlayReady) and on Opera (two and two);
# what they agree on is told by the contract.
_BY_BROWSER: Final = (
    ("iPhone", "FairPlay"),
    ("iPad", "FairPlay"),
    ("Firefox", "Widevine"),
    ("OPR", "Widevine"),
    ("Chrome", "Widevine"),
    ("Safari", "FairPlay"),
    ("Trident", "PlayReady"),
    ("MSIE", "PlayReady"),
)
# What is in the name by which a browser is asked for each.
_NAMED: Final = {"Widevine": "widevine", "PlayReady": "playready", "FairPlay": "apple.fps"}
# By what a display must be able to do: Widevine's and PlayReady's levels, FairPlay's type, and the version by
# which a page asks a browser of it.
_OUTPUT: Final[dict[str, dict[str, Any]]] = {
    "none": {"hdcp": "HDCP_NONE", "playready_level": 150, "is_type_1": False, "fairplay": -1, "version": ""},
    "hdcp1": {
        "hdcp": "HDCP_V1",
        "playready_level": 2000,
        "is_type_1": False,
        "fairplay": 0,
        "version": "1.4",
    },
    "hdcp2": {
        "hdcp": "HDCP_V2_2",
        "playready_level": 3000,
        "is_type_1": True,
        "fairplay": 1,
        "version": "2.2",
    },
}


class NotSetUp(Exception):
    """The film is under Multi DRM, and the keys of the licence server, or the film's own key, are missing."""


def is_set_up() -> bool:
    """Whether licence tokens can be made."""
    return bool(settings.KOLLUS_DRM_SITE_ID)


def policy(*, cuid: str, upload_file_key: str, output: str, user_agent: str, at: datetime) -> dict[str, Any]:
    """This will make `drm_policy` for one play in one browser. `output` is what the display must be able to
    do: none, hdcp1 or hdcp2.

    :raises NotSetUp: the link would play the film without protection.
    """
    if not is_set_up() or not upload_file_key:
        raise NotSetUp
    drm_type = key_system(user_agent)
    said = _custom_data(drm_type, cuid, upload_file_key, licence_token(output), at)
    return {
        "kind": "inka",
        "streaming_type": "hls" if drm_type == "FairPlay" else "dash",
        "data": {
            "license_url": settings.KOLLUS_DRM_LICENCE_URL,
            "certificate_url": f"{settings.KOLLUS_DRM_CERTIFICATE_URL}?siteId={settings.KOLLUS_DRM_SITE_ID}",
            "custom_header": {"key": "pallycon-customdata-v2", "value": _base64(_compact(said))},
        },
    }


def key_system(user_agent: str) -> str:
    """This will name the DRM of a browser: FairPlay, PlayReady or Widevine, the last for who does not say."""
    if "Edg" in user_agent and "Windows" in user_agent:  # elsewhere Edge has what others have there
        return "PlayReady"
    return next((drm for sign, drm in _BY_BROWSER if sign in user_agent), "Widevine")


def to_ask_for(user_agent: str) -> list[str]:
    """This will name, of `DRM_KEY_SYSTEMS`, what a link for this browser will need: all but the others'."""
    others = [sign for drm, sign in _NAMED.items() if drm != key_system(user_agent)]
    return [name for name in settings.DRM_KEY_SYSTEMS if not any(sign in name for sign in others)]


def hdcp_version(output: str) -> str:
    """This will name the HDCP that licences ask of a display, empty for none; a stricter one is greater."""
    return str(_OUTPUT[output]["version"])


def licence_token(output: str) -> str:
    """This will encrypt the licence's rule for the licence server. The same rule gives the same token."""
    return _encrypted(output, settings.KOLLUS_DRM_LICENCE_SECONDS, settings.KOLLUS_DRM_SITE_KEY)


def _custom_data(
    drm_type: str, cuid: str, upload_file_key: str, token: str, at: datetime
) -> dict[str, object]:
    site_id, access_key = settings.KOLLUS_DRM_SITE_ID, settings.KOLLUS_DRM_ACCESS_KEY
    timestamp = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    signed = f"{access_key}{drm_type}{site_id}{cuid}{upload_file_key}{token}{timestamp}"
    return {
        "drm_type": drm_type,
        "site_id": site_id,
        "user_id": cuid,
        "cid": upload_file_key,
        "token": token,
        "timestamp": timestamp,
        "hash": _base64(hashlib.sha256(signed.encode()).digest()),
    }


def _rule(output: str, seconds: int) -> dict[str, object]:
    level = _OUTPUT[output]
    return {
        "policy_version": 2,
        "playback_policy": {"persistent": False, "license_duration": seconds},
        "security_policy": [
            {
                "track_type": "ALL",
                "widevine": {
                    "security_level": 1,
                    "required_hdcp_version": level["hdcp"],
                    "required_cgms_flags": "CGMS_NONE",
                    "disable_analog_output": level["is_type_1"],
                    "hdcp_srm_rule": "HDCP_SRM_RULE_NONE",
                },
                "playready": {
                    "security_level": level["playready_level"],
                    "digital_video_protection_level": 100,
                    "analog_video_protection_level": 100,
                    "digital_audio_protection_level": 100,
                    "require_hdcp_type_1": level["is_type_1"],
                },
                "fairplay": {
                    "hdcp_enforcement": level["fairplay"],
                    "allow_airplay": False,
                    "allow_av_adapter": False,
                },
            }
        ],
    }


@lru_cache(maxsize=32)
def _encrypted(output: str, seconds: int, key: str) -> str:
    padder = PKCS7(128).padder()
    padded = padder.update(_compact(_rule(output, seconds))) + padder.finalize()
    encryptor = Cipher(algorithms.AES256(key.encode()), modes.CBC(_IV)).encryptor()
    return _base64(encryptor.update(padded) + encryptor.finalize())


def _compact(said: dict[str, object]) -> bytes:
    return _WRITE(said).encode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
