"""The playback callback's words: what Kollus asks before and at the start of a play, and how it is answered.

Numbers in the answer are JSON integers, the body is the bare JWT, the custom key is a header.
Source: https://docs.kollus.com/en/dev-guide/vod/player-callback/play-callback/
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from videos.kollus import signing

# 2029-12-31T23:59:59Z: a later one is out of the player's range and stops it.
LAST_EXPIRATION_DATE = 1893455999

BEFORE_PLAY = 1
READY_TO_PLAY = 3


class BadCallback(ValueError):
    """The request is not one that a Kollus player would send."""


@dataclass(frozen=True)
class PlayQuestion:
    kind: int
    cuid: str
    player_id: str
    media_content_key: str
    session_mark: str


def read(form: Mapping[str, str]) -> PlayQuestion:
    """This will read the posted form.

    :raises BadCallback: a field is missing or of another shape.
    """
    try:
        kind = int(form["kind"])
        values = json.loads(form.get("uservalues") or "{}")
        question = PlayQuestion(
            kind=kind,
            cuid=form["client_user_id"],
            player_id=form.get("player_id", "")[:120],
            media_content_key=form["media_content_key"],
            session_mark=str(values.get("uservalue0", "")),
        )
    except (KeyError, ValueError, AttributeError, RecursionError) as error:
        raise BadCallback(type(error).__name__) from error
    if kind not in (BEFORE_PLAY, READY_TO_PLAY):
        raise BadCallback("kind")
    if "\0" in question.player_id:  # it is kept, and no database keeps that
        raise BadCallback("player_id")
    return question


@dataclass(frozen=True)
class Forbidden:
    """What a yes still forbids; None says nothing, and the player's own default holds."""

    tv_out: bool | None = None
    virtual_machines: bool | None = None
    longest_playtime_seconds: int | None = None
    outside_section: tuple[int, int] | None = None


def allow(
    kind: int,
    *,
    answer_until: datetime,
    play_until: datetime | None,
    forbidden: Forbidden = Forbidden(),
) -> str:
    """This will sign a yes.

    The answer itself is good until `answer_until`, the playing until `play_until`.
    """
    data: dict[str, object] = {"result": 1}
    if kind == BEFORE_PLAY:
        if play_until is not None:
            data["expiration_date"] = min(int(play_until.timestamp()), LAST_EXPIRATION_DATE)
        data |= _limits(forbidden)
    if kind == READY_TO_PLAY:
        data["content_expired"] = 0
    return sign({"data": data, "exp": int(answer_until.timestamp())})


def _limits(forbidden: Forbidden) -> dict[str, object]:
    limits: dict[str, object] = {}
    if forbidden.longest_playtime_seconds is not None:
        limits["expiration_playtime"] = forbidden.longest_playtime_seconds
    if forbidden.outside_section is not None:
        start, end = forbidden.outside_section
        limits["play_section"] = {"start_time": start, "end_time": end}
    if forbidden.tv_out is not None:
        limits["disable_tvout"] = int(forbidden.tv_out)
    if forbidden.virtual_machines is not None:
        limits["vmcheck"] = int(forbidden.virtual_machines)
    return limits


def refuse(message: str) -> str:
    """This will sign a no, with the sentence that the player shows."""
    return sign({"data": {"result": 0, "message": message}})


def headers() -> dict[str, str]:
    """What each answer carries; browsers may read it from another origin, without credentials."""
    return {
        "X-Kollus-UserKey": settings.KOLLUS_CUSTOM_KEY,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "X-Kollus-UserKey",
    }


def sign(claims: dict[str, object]) -> str:
    """This will write an answer as players read it: the bare token, signed with the security key."""
    return signing.sign(claims)
