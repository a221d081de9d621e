"""The words of the notices that Kollus' servers send: which file, and what about it.

Source: https://docs.kollus.com/en/dev-guide/vod/api/platform-callback/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from videos.kollus.play_callback import BadCallback

_KEY = re.compile(r"[0-9A-Za-z_-]{6,64}")
_RESULTS = {"success": "success", "1": "success", "fail": "fail", "0": "fail"}


@dataclass(frozen=True)
class Notice:
    """`told` is "success" or "fail" of a transcoding, and the kind of change of the others."""

    kind: str
    upload_file_key: str
    told: str = ""


def read(kind: str, form: Mapping[str, str]) -> Notice | None:
    """This will read the posted form; None for the empty probe with which the console tries an address.

    :raises BadCallback: a field is missing or of another shape.
    """
    if not form:
        return None
    key = form.get("upload_file_key", "")
    if not _KEY.fullmatch(key):
        raise BadCallback("upload_file_key")
    if kind == "transcoding":
        if form.get("transcoding_result") not in _RESULTS:
            raise BadCallback("transcoding_result")
        return Notice(kind, key, _RESULTS[form["transcoding_result"]])
    told = form.get("update_type", "")
    return Notice(kind, key, told[:20] if told.isprintable() else "")
