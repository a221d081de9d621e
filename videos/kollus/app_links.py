"""The addresses that hand a film to Kollus' installed player: to be played there, or kept.

Source: https://docs.kollus.com/en/dev-guide/kollus-mobile-app/scheme-option/
"""

from typing import Final
from urllib.parse import quote

from django.conf import settings

_PLAY, _DOWNLOAD = "path", "download"
_SCHEME: Final = "kollus://"
_APPLE: Final = ("iPhone", "iPad", "iPod", "Macintosh")


def to_play(url: str, *, user_agent: str) -> str:
    """This will give the address that opens a `tokens.playback_link` in the installed player.

    Empty where there is none that opens so: on Windows the player works inside the page, for systems other
    than Android and Apple's it is not made.
    """
    return _address(_PLAY, url, user_agent)


def to_keep(url: str, *, user_agent: str) -> str:
    """This will give the address that has the installed player download what a `tokens.playback_link` plays.

    Empty likewise.
    """
    return _address(_DOWNLOAD, url, user_agent)


def can_keep(user_agent: str) -> bool:
    """This will tell whether there is an installed player for this device that keeps films."""
    return bool(_address(_DOWNLOAD, "", user_agent))


def _address(verb: str, url: str, user_agent: str) -> str:
    inside = quote(url.replace("/s?", "/si?", 1), safe="")
    if settings.KOLLUS_APP_BASE != _SCHEME:
        return f"{settings.KOLLUS_APP_BASE}{verb}?url={inside}"
    if "Android" in user_agent:
        return f"intent://{verb}?url={inside}#Intent;package=com.kollus.media;scheme=kollus;end"
    if any(sign in user_agent for sign in _APPLE):
        return f"{_SCHEME}{verb}?url={inside}"
    return ""
