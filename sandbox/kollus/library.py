"""What was uploaded: from the address that was given out, by transcoding, into channels."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sandbox.kollus import switches
from sandbox.kollus.account import Account, Content
from sandbox.settings import origin
from sandbox.worlds import Json, World, worlds

UPLOAD = "kollus.upload"
REEL_SECONDS = 24  # whatever is sent, the player shows the one film there is

UPLOAD_HOST = "upload.kollus.localhost"


def expect(world: World, form: dict[str, Any], *, seconds: int) -> Json:
    """Keep that an upload may come, once, within `seconds`."""
    now = world.clocks["kollus"].now()
    key = f"{datetime.fromtimestamp(now, UTC):%Y%m%d}-{secrets.token_hex(5)}"
    is_passthrough = str(form.get("is_passthrough", 0)) == "1"
    upload = {
        **{"upload_file_key": key, "title": str(form.get("title", "")), "at": now},
        **{"is_encrypted": str(form.get("is_encryption_upload", 0)) == "1", "expires_at": int(now + seconds)},
        **{"is_used": False, "progress": 0, "arrived_at": None, "file_name": "", "size": 0, "sha256": ""},
        **{"fails": False, "keys": {}, "captions": []},
        **{"profile_key": str(form["profile_key"]) if is_passthrough else ""},
    }
    return world.put(UPLOAD, key, upload)


def address(upload: Json, *, base: str = "", tail: str = "") -> Json:
    """Say where to send it."""
    key = upload["upload_file_key"]
    base = base or f"{origin(UPLOAD_HOST)}/api/v1"
    return {
        "upload_url": f"{base}/UploadMultiParts/KUS_{key}/{key}{tail}",
        "progress_url": f"{base}/GetUploadingProgress/KUS_{key}",
        "upload_file_key": key,
        "expired_at": upload["expires_at"],
    }


def token_tail(world: World, upload: Json) -> str:
    """Return how a passthrough address ends: with the account's token, as the real one does."""
    how = "enc" if upload["is_encrypted"] else "non_enc"
    return f"/{upload['profile_key'] or 'profile'}/{how}/none/{world.config['kollus']['api_token']}"


def find_upload(key: str) -> tuple[World, Json] | None:
    """Find an upload by its key alone, as the upload host does."""
    for world in worlds().all():
        if (upload := world.get(UPLOAD, key)) is not None:
            return world, upload
    return None


def content_of(world: World, key: str) -> Json | None:
    """Return the upload once Kollus has made a content of it, which takes a moment after it came."""
    upload = world.get(UPLOAD, key)
    wait = float(world.config["kollus"].get("content_after_seconds", 0.5))
    if upload is None or upload["arrived_at"] is None:
        return None
    return upload if world.clocks["kollus"].now() >= upload["arrived_at"] + wait else None


def attach(world: World, upload: Json, channel_key: str) -> str:
    """Put it into the channel and return its key there; a second time it is another key."""
    key = secrets.token_hex(4)
    upload["keys"] = {**upload["keys"], channel_key: key}
    world.put(UPLOAD, upload["upload_file_key"], upload)
    return key


def detach(world: World, upload: Json, channel_key: str) -> str:
    """Take it out of the channel and return the key that it had there."""
    keys = dict(upload["keys"])
    key = str(keys.pop(channel_key))
    upload["keys"] = keys
    world.put(UPLOAD, upload["upload_file_key"], upload)
    return key


def stage_of(world: World, upload: Json, account: Account) -> tuple[int, str]:
    """Return number and name of where its transcoding stands; what passes through needs none."""
    gone = world.clocks["kollus"].now() - upload["arrived_at"]
    if upload.get("profile_key") or gone >= account.transcoding_seconds:
        return switches.FAILED_STAGE if upload["fails"] else (switches.FINISHED_STAGE, "Finished")
    return switches.STAGES_BEFORE[gone >= account.transcoding_seconds / 2]


def rows(world: World, account: Account) -> list[Json]:
    """Return the library's rows: what the customer's configuration has, then what was uploaded."""
    configured = [
        _row(each.upload_file_key, each.title, (switches.FINISHED_STAGE, "Finished"), each.duration_seconds)
        | {"use_encryption": int(each.protection == "kollus"), "subtitles": _subtitles(list(each.captions))}
        | {"channels": _channels(dict.fromkeys(account.channels[:1], each.mckey))}
        for each in account.contents.values()
        if each.upload_file_key and world.get(UPLOAD, each.upload_file_key) is None
    ]
    return configured + [
        _row(each["upload_file_key"], each["title"], stage_of(world, each, account), REEL_SECONDS)
        | {"use_encryption": int(each["is_encrypted"]), "subtitles": _subtitles(each["captions"])}
        | {"original_file_name": each["file_name"], "original_file_size": each["size"]}
        | {"channels": _channels(each["keys"])}
        for each in arrived(world)
    ]


def arrived(world: World) -> list[Json]:
    """Return the uploads of which Kollus has made contents."""
    return [each for each in world.all(UPLOAD) if content_of(world, each["upload_file_key"])]


def queued(world: World, upload: Json, account: Account) -> Json:
    """Return an upload's row in the queue of transcoding."""
    (number, name), at = stage_of(world, upload, account), int(upload["arrived_at"])
    gone = world.clocks["kollus"].now() - upload["arrived_at"]
    share = 1.0 if number == switches.FINISHED_STAGE else min(1.0, gone / max(account.transcoding_seconds, 1))
    facts = {"upload_file_key": upload["upload_file_key"], "title": upload["title"], "created_at": at}
    return {
        **facts,
        **{"transcoding_stage": number, "transcoding_stage_name": name},
        "transcoding_progress": int(100 * share),
    }


def playable(world: World, account: Account) -> dict[str, Content]:
    """Return what was uploaded, transcoded and attached, by its key there, for the gateway."""
    found = {}
    for each in world.all(UPLOAD):
        if each["arrived_at"] is None or stage_of(world, each, account)[0] != switches.FINISHED_STAGE:
            continue
        protection = "kollus" if each["is_encrypted"] else "multi_drm"
        for key in each["keys"].values():
            facts = (REEL_SECONDS, each["title"] or each["file_name"], protection, each["upload_file_key"])
            found[key] = Content(key, *facts, tuple(each["captions"]))
    return found


def _row(key: str, title: str, stage: tuple[int, str], seconds: float) -> Json:
    number, name = stage
    facts = {"upload_file_key": key, "title": title, "duration": seconds, "kind": 1}
    return {**facts, "transcoding_stage": number, "transcoding_stage_name": name}


def _channels(keys: dict[str, str]) -> list[Json]:
    return [{"key": channel, "name": channel, "media_content_key": key} for channel, key in keys.items()]


def _subtitles(names: list[str]) -> list[Json]:
    return [{"id": number, "language_id": number, "name": name} for number, name in enumerate(names, start=1)]
