"""A film's link, opened by its viewer and taken apart."""

import base64
import json
from typing import Any, Final

from pytest_django import Settings

from tests.aes import decrypted
from tests.attacks import Visitor
from tests.player import Link

OPEN: Final = "/api/v1/playback/"


def opened(visitor: Visitor, *, agent: str = "", slug: str = "noon") -> Link:
    answer = visitor.post(OPEN, {"video": slug}, headers={"User-Agent": agent})
    assert answer.status_code == 200, answer.content
    return Link(answer.json()["url"])


def film_of(link: Link) -> dict[str, Any]:
    """The film's entry, beside the word that no entry lacks: Kollus' own resume is off."""
    entry: dict[str, Any] = dict(link.claims["mc"][0])
    assert entry.pop("disable_nscreen") is True
    return entry


def policy_of(link: Link) -> dict[str, Any]:
    policy: dict[str, Any] = film_of(link)["drm_policy"]
    return policy


def custom_data(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(base64.b64decode(policy_of(link)["data"]["custom_header"]["value"]))
    return said


def rule_of(link: Link, settings: Settings) -> dict[str, Any]:
    sealed = base64.b64decode(custom_data(link)["token"], validate=True)
    key = settings.KOLLUS_DRM_SITE_KEY.encode()
    rule: dict[str, Any] = json.loads(decrypted(sealed, key=key, iv=b"0123456789abcdef"))
    return rule
