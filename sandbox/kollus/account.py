"""What a customer has set up at Kollus: keys, contents and the channel's callbacks."""

import re
from dataclasses import dataclass
from typing import Any, Self

_CUSTOM_KEY = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Content:
    """One source in the channel. `protection` is none, multi_drm or kollus (needs an installed player).

    `upload_file_key` is empty where the library shall not know it; `captions` are names of subtitles.
    """

    mckey: str
    duration_seconds: float
    title: str
    protection: str
    upload_file_key: str = ""
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class LicenceServer:
    """The account's site at the licence server of Multi DRM, an add-on; without it the id is empty."""

    site_id: str = ""
    site_key: str = ""
    access_key: str = ""


@dataclass(frozen=True)
class Account:
    """One service account. Configured contents lie in its first channel.

    Source: https://docs.kollus.com/en/dev-guide/vod/quickstart/key/
    """

    custom_key: str
    security_key: str
    contents: dict[str, Content]
    play_callback_url: str
    lms_callback_url: str
    download_callback_url: str
    permits_downloads: bool
    lms_interval_seconds: float
    callback_from: str
    api_token: str
    channels: tuple[str, ...]
    profile_keys: tuple[str, ...]
    platform_callback_urls: dict[str, str]
    content_after_seconds: float
    transcoding_seconds: float
    licence_server: LicenceServer

    @classmethod
    def from_configuration(cls, told: dict[str, Any]) -> Self:
        """Read the `kollus` part of a world's configuration.

        :raises ValueError: a part is missing or makes no sense; the message names it.
        """
        if not _CUSTOM_KEY.fullmatch(str(told.get("custom_key", ""))):
            raise ValueError("kollus.custom_key must be 64 hex characters")
        if told.get("callback_from", "server") not in {"server", "browser"}:
            raise ValueError("kollus.callback_from must be server or browser")
        return cls(
            custom_key=told["custom_key"],
            security_key=str(told.get("security_key", "")),
            contents={content.mckey: content for content in map(_content, told.get("contents", []))},
            play_callback_url=str(told.get("play_callback_url") or ""),
            lms_callback_url=str(told.get("lms_callback_url") or ""),
            download_callback_url=str(told.get("download_callback_url") or ""),
            permits_downloads=bool(told.get("permits_downloads")),
            lms_interval_seconds=float(told.get("lms_interval_seconds", 30)),
            callback_from=told.get("callback_from", "server"),
            api_token=str(told.get("api_token") or ""),
            channels=tuple(map(str, told.get("channels", []))),
            profile_keys=tuple(map(str, told.get("profile_keys", []))),
            platform_callback_urls=dict(told.get("platform_callback_urls") or {}),
            content_after_seconds=float(told.get("content_after_seconds", 0.5)),
            transcoding_seconds=float(told.get("transcoding_seconds", 4)),
            licence_server=_licence_server(told.get("drm") or {}),
        )


def _licence_server(told: dict[str, Any]) -> LicenceServer:
    if not told:
        return LicenceServer()
    site = LicenceServer(*(str(told.get(name, "")) for name in ("site_id", "site_key", "access_key")))
    if len(site.site_id) != 4 or len(site.site_key.encode()) != 32 or not site.access_key:
        raise ValueError("kollus.drm needs site_id of 4 letters, site_key of 32 and access_key")
    return site


def _content(told: dict[str, Any]) -> Content:
    try:
        mckey, duration_seconds = str(told["mckey"]), float(told["duration"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("every one of kollus.contents needs mckey and duration") from error
    if duration_seconds <= 0:
        raise ValueError("kollus.contents[].duration must be above zero")
    protection = told.get("protection", "multi_drm")
    return Content(
        mckey,
        duration_seconds,
        str(told.get("title") or mckey),
        str(protection),
        str(told.get("upload_file_key") or ""),
        tuple(map(str, told.get("captions", []))),
    )
