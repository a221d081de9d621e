"""Multi DRM's part of a token, read as the licence server reads it: signed, ours, for this viewer and film.

Sources: https://docs.kollus.com/en/dev-guide/vod/player/jwt/multidrm/ and, for the licence rule,
https://github.com/kollus-service/kollus_multidrm_with_dhcp
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from sandbox.kollus import switches
from sandbox.kollus.account import Content, LicenceServer
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.json_types import is_integer

STREAMING = {"Widevine": "dash", "PlayReady": "dash", "FairPlay": "hls"}

_IV = b"0123456789abcdef"
_FIELDS = {"drm_type", "site_id", "user_id", "cid", "token", "timestamp", "hash"}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# What all official samples agree on; on Edge under Windows and on Opera they do not.
# PlayReady is Windows' own.
_PLAYS = (
    ("CriOS", {"FairPlay"}),
    ("EdgiOS", {"FairPlay"}),
    ("Edg", {"PlayReady", "Widevine"}),
    ("Trident", {"PlayReady"}),
    ("MSIE", {"PlayReady"}),
    ("OPR", {"PlayReady", "Widevine"}),
    ("Firefox", {"Widevine"}),
    ("Chrome", {"Widevine"}),
    ("Safari", {"FairPlay"}),
)

Json = dict[str, Any]


def read(policy: object, *, server: LicenceServer, cuid: str, content: Content) -> Json:
    """Return what the policy asks of the licence server: `drm_type`, `cid`, and the decrypted `rule`.

    :raises PlayerError: something in it is not as the contract says, or not of this account, viewer or film.
    """
    if not server.site_id:
        raise _bad("the account has no Multi DRM")
    if not isinstance(policy, dict) or policy.get("kind") != "inka":
        raise _bad("drm_policy.kind must be inka")
    said = _custom_data(_value(policy))
    _check_address(policy, said)
    expected = {"site_id": server.site_id, "user_id": cuid, "cid": content.upload_file_key}
    for name, good in expected.items():
        if not good or said[name] != good:
            raise _bad(f"{name} is {said[name]}, not {good or 'known'}")
    if not _TIMESTAMP.fullmatch(said["timestamp"]):
        raise _bad("timestamp must be YYYY-MM-DDThh:mm:ssZ")
    _check_hash(said, server)
    return {"drm_type": said["drm_type"], "cid": said["cid"], "rule": _rule(said["token"], server)}


def check_browser(drm_type: str, user_agent: str) -> None:
    """Return if the browser has this key system.

    :raises PlayerError: it has another one.
    """
    plays = next((plays for sign, plays in _PLAYS if sign in user_agent), set(STREAMING))
    if "Windows" not in user_agent:
        plays = plays - {"PlayReady"}
    if drm_type not in plays:
        raise PlayerError(switches.OTHER_KEY_SYSTEM_CODE, f"this browser has no {drm_type}")


def wanted_hdcp(rule: Json, drm_type: str) -> int:
    """Return which HDCP the rule demands of the display: 0 none, 1 the old one, 2 that of 2.2."""
    policy: Json = rule["security_policy"][0]
    if drm_type == "FairPlay":
        return int(policy["fairplay"]["hdcp_enforcement"]) + 1
    if drm_type == "PlayReady":
        return (
            2
            if policy["playready"]["require_hdcp_type_1"]
            else int(policy["playready"]["security_level"] >= 2000)
        )
    return {"HDCP_NONE": 0, "HDCP_V1": 1}.get(policy["widevine"]["required_hdcp_version"], 2)


def _value(policy: Json) -> str:
    data = policy.get("data")
    header = data.get("custom_header") if isinstance(data, dict) else None
    if not isinstance(header, dict) or header.get("key") != "pallycon-customdata-v2":
        raise _bad("custom_header.key must be pallycon-customdata-v2")
    if not isinstance(header.get("value"), str):
        raise _bad("custom_header.value must be a string")
    return str(header["value"])


def _custom_data(value: str) -> dict[str, str]:
    said = _json(_from_base64(value, "custom_header.value"), "custom_header.value")
    if set(said) != _FIELDS or not all(isinstance(each, str) for each in said.values()):
        raise _bad(f"custom_header.value must hold the strings {', '.join(sorted(_FIELDS))}")
    if said["drm_type"] not in STREAMING:
        raise _bad("drm_type must be Widevine, PlayReady or FairPlay")
    return said


def _check_address(policy: Json, said: dict[str, str]) -> None:
    data = policy["data"]
    if policy.get("streaming_type") != STREAMING[said["drm_type"]]:
        raise _bad(f"{said['drm_type']} streams as {STREAMING[said['drm_type']]}")
    names = ["license_url", *(["certificate_url"] if said["drm_type"] == "FairPlay" else [])]
    for name in names:
        if not str(data.get(name, "")).startswith(("https://", "http://kollus.localhost")):
            raise _bad(f"{name} must be an address")


def _check_hash(said: dict[str, str], server: LicenceServer) -> None:
    names = ("drm_type", "site_id", "user_id", "cid", "token", "timestamp")
    signed = server.access_key + "".join(said[name] for name in names)
    good = base64.b64encode(hashlib.sha256(signed.encode()).digest()).decode()
    if not hmac.compare_digest(said["hash"].encode(), good.encode()):
        raise _bad("hash is wrong")


def _rule(token: str, server: LicenceServer) -> Json:
    sealed = _from_base64(token, "token")
    decryptor = Cipher(algorithms.AES256(server.site_key.encode()), modes.CBC(_IV)).decryptor()
    unpadder = PKCS7(128).unpadder()
    try:
        padded = decryptor.update(sealed) + decryptor.finalize()
        rule = _json(unpadder.update(padded) + unpadder.finalize(), "token")
    except ValueError as error:
        raise _bad("token does not decrypt with the site key") from error
    _check_rule(rule)
    return rule


def _check_rule(rule: Json) -> None:
    playback, security = rule.get("playback_policy"), rule.get("security_policy")
    if rule.get("policy_version") != 2 or not isinstance(playback, dict):
        raise _bad("the rule must be of policy_version 2, with a playback_policy")
    if not isinstance(playback.get("persistent"), bool) or not is_integer(playback.get("license_duration")):
        raise _bad("playback_policy needs persistent, a boolean, and license_duration, an integer")
    if not isinstance(security, list) or not all(isinstance(part, dict) for part in security) or not security:
        raise _bad("security_policy must be an array of objects")
    for part in security:
        missing = {"track_type", "widevine", "playready", "fairplay"} - set(part)
        if missing:
            raise _bad(f"security_policy[] lacks {', '.join(sorted(missing))}")


def _json(raw: bytes, what: str) -> Json:
    try:
        told = json.loads(raw)
    except ValueError as error:
        raise _bad(f"{what} is not JSON") from error
    if not isinstance(told, dict):
        raise _bad(f"{what} must be an object")
    return told


def _from_base64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad(f"{what} is not base64") from error


def _bad(reason: str) -> PlayerError:
    return PlayerError(switches.BAD_POLICY_CODE, reason)
