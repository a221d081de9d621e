"""What is asked for an upload address, whichever host is asked.

Source: https://docs.kollus.com/en/dev-guide/vod/api/upload-api/
"""

from typing import Any

from sandbox.kollus import switches

_LONGEST_SECONDS = 21600
_FLAGS = ("is_encryption_upload", "is_audio_upload", "is_passthrough")
_KNOWN = {"expire_time", "category_key", "title", "profile_key", *_FLAGS}


def seconds_of(form: dict[str, Any]) -> int:
    """Return how long the address is to be good."""
    return int(form.get("expire_time", 600))


def wrong_in(form: dict[str, Any]) -> str:
    """Return what is wrong in a form, nothing where all is well. Passthrough is for the host to judge."""
    unknown = sorted(set(form) - _KNOWN)
    if unknown and switches.UNKNOWN_PARAMETERS_REFUSED:
        return f"Unknown parameter: {unknown[0]}."
    seconds = str(form.get("expire_time", 600))
    if not seconds.isdecimal() or not 0 < int(seconds) <= _LONGEST_SECONDS:
        return "expire_time must be above 0 and at most 21600."
    if any(str(form.get(flag, 0)) not in ("0", "1") for flag in _FLAGS):
        return "A flag must be 0 or 1."
    if str(form.get("is_audio_upload", 0)) == "1":
        return "audio profile key does not exist"
    if form.get("category_key"):
        return "category does not exist"
    return ""
