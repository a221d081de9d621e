"""`manage.py send_film`: a film that is encoded already goes to Kollus as it is, from this server alone."""

import hashlib
import io
import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, promises
from tests.sandbox_client import World
from videos.kollus import api_client
from videos.kollus.file_form import PIECE_BYTES, FileSpoilt
from videos.models import Upload, Video
from videos.publishing import callback_inbox, sending, uploads

pytestmark = pytest.mark.django_db

PROFILE = "acct-pc1-high"
FILM = bytes(range(256)) * 3000


class Terminal(io.StringIO):
    """Somebody looks on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def film(world: World) -> Video:
    """Nothing is transcoded within an hour, so that only what passes through becomes ready."""
    world.configure(
        kollus={"content_after_seconds": 0, "transcoding_seconds": 3600, "profile_keys": [PROFILE]}
    )
    return factories.video("noon", is_published=False, media_content_key="", duration_seconds=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "noon.mp4"
    path.write_bytes(FILM)
    return path


def _send(path: Path, *options: str, out: io.StringIO | None = None, profile: str = PROFILE) -> str:
    out = out or io.StringIO()
    call_command("send_film", "noon", str(path), "--profile", profile, *options, stdout=out)
    return out.getvalue()


def _states() -> list[str]:
    return list(Upload.objects.order_by("id").values_list("state", flat=True))


def _at_kollus(world: World) -> list[dict[str, Any]]:
    return list(world.report()["kollus"]["uploads"])


def test_a_film_arrives_as_it_is_and_becomes_ready(film: Video, world: World, tmp_path: Path) -> None:
    named = tmp_path / unicodedata.normalize("NFD", '정오 "의" 빛\r\n.mp4')
    named.write_bytes(FILM)

    said = _send(named, out=Terminal()).splitlines()
    upload = Upload.objects.get()
    assert (upload.state, upload.file_name, upload.asked_by) == ("waiting", '정오 "의" 빛__.mp4', None)
    assert said[:-1] == [f"{percent:3} %" for percent in range(10, 101, 10)]
    assert upload.upload_file_key in said[-1]
    form = {"content_provider_key": "acct", "filename": "a", "upload_file_key": upload.upload_file_key}
    Client().post("/callbacks/kollus/tests-platform-secret/upload/", form)
    callback_inbox.sweep(at=timezone.now())

    film.refresh_from_db()
    kept = _at_kollus(world)[0]
    assert _states() == ["ready"]
    assert film.upload_file_key == kept["upload_file_key"]
    assert film.media_content_key in kept["keys"].values()
    assert (kept["sha256"], kept["size"]) == (hashlib.sha256(FILM).hexdigest(), len(FILM))
    assert kept["title"] == kept["file_name"] == "정오 %22의%22 빛__.mp4"
    assert kept["is_encrypted"] is False
    asked = world.report()["kollus"]["api_calls"][0]["form"]
    assert (asked["profile_key"], asked["is_passthrough"]) == (PROFILE, "1")
    with pytest.raises(CommandError, match="has arrived already"):
        _send(named)


def test_again_it_begins_from_the_start_and_the_first_try_is_given_up(
    film: Video, world: World, path: Path
) -> None:
    world.faults(kollus={"cut_uploads": 1})
    with pytest.raises(CommandError, match="The line to Kollus broke"):
        _send(path)
    assert _states() == ["waiting"], "it may have arrived"
    assert Upload.objects.due(at=timezone.now()).exists(), "so Kollus is asked"

    _send(path)

    assert _states() == ["given_up", "waiting"]
    assert [each["arrived_at"] is not None for each in _at_kollus(world)] == [False, True]


REFUSALS = {
    "a film": "There is no such film.",
    "a file": "can't be sent: there is no such file.",
    "a whole file": "can't be sent: it is empty.",
    "a token": "KOLLUS_API_TOKEN is not set",
    "another's profile": "knows no encoding profile foreign of this account",
    "a free place": "noon has a film. Give --replace",
    "a free line": "Another file of noon is on its way. Give --replace",
    "a Kollus": "Kollus does not answer. Nothing was sent",
    "a Kollus in time": "Kollus does not answer. Nothing was sent",
}


@pytest.mark.parametrize("lacking", REFUSALS)
def test_what_cannot_be_is_one_sentence_and_nothing_is_begun(
    film: Video, cho: User, world: World, path: Path, settings: Settings, lacking: str, monkeypatch: Any
) -> None:
    profile = PROFILE
    match lacking:
        case "a film":
            Video.objects.update(slug="dusk")
        case "a file":
            path = path.parent
        case "a whole file":
            path.write_bytes(b"")
        case "a token":
            settings.KOLLUS_API_TOKEN = ""
        case "another's profile":
            profile = "foreign"
        case "a free place":
            Video.objects.update(media_content_key="Ab3dEf7h")
        case "a free line":
            other = uploads.File(name="dusk.mp4", size=9, mark="b" * 64)
            uploads.begin(film, other, replace=False, by=cho, at=timezone.now())
        case "a Kollus":
            world.faults(kollus={"api": "down"})
        case "a Kollus in time":
            monkeypatch.setattr(api_client, "_ANSWER_SECONDS", 0.2)
            world.faults(kollus={"latency_ms": 2000})
    before = promises.everything()

    with pytest.raises(CommandError, match=REFUSALS[lacking]) as refused:
        _send(path, profile=profile)

    assert "\n" not in str(refused.value)
    before.pop("KollusTurn")
    promises.unchanged(before)
    assert not any(each["is_used"] for each in _at_kollus(world))


def test_a_file_under_way_gives_way_to_who_says_so(film: Video, cho: User, world: World, path: Path) -> None:
    Video.objects.update(protection="kollus")
    other = uploads.File(name="dusk.mp4", size=9, mark="b" * 64)
    uploads.begin(film, other, replace=False, by=cho, at=timezone.now())

    said = _send(path, "--replace")

    sent = Upload.objects.get(state="waiting")
    assert said == f"noon was sent; at Kollus it is {sent}.\n", "where nobody looks on, it is quiet meanwhile"
    assert _states() == ["given_up", "waiting"]
    assert sent in Upload.objects.due(at=timezone.now()), "lost notices are made up for"
    assert _at_kollus(world)[1]["is_encrypted"] is True


TROUBLES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "cut": ({"cut_uploads": 1}, ["waiting"]),
    "led on": ({"redirect_uploads": 1}, ["given_up"]),
    "led on before": ({"api": "redirect"}, []),
    "elsewhere": ({"address_elsewhere": True}, []),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_token_goes_nowhere_and_nobody_is_followed(
    film: Video,
    world: World,
    path: Path,
    settings: Settings,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults, states = TROUBLES[trouble]
    world.faults(kollus=faults)
    out = Terminal()

    with caplog.at_level(logging.DEBUG), pytest.raises(CommandError) as refused:
        _send(path, out=out)

    told = [out.getvalue(), caplog.text, repr(promises.everything()), *_chain(refused.value)]
    assert not [text for text in told if settings.KOLLUS_API_TOKEN in text]
    assert _states() == states
    assert len(world.report()["kollus"]["api_calls"]) == 1
    assert not any(each["arrived_at"] for each in _at_kollus(world))


def _chain(error: BaseException | None) -> Iterator[str]:
    """Everything that a report of the error could show, what it suppresses included."""
    if error is not None:
        yield f"{error!r} {error} {vars(error)}"
        for before in (error.__cause__, error.__context__):
            yield from _chain(before)


def test_nobody_listening_tells_no_token_either(path: Path, settings: Settings) -> None:
    factories.video("noon", is_published=False, media_content_key="")

    with pytest.raises(CommandError, match="does not answer") as refused:
        _send(path)

    assert not [text for text in _chain(refused.value) if settings.KOLLUS_API_TOKEN in text]


def test_a_file_that_changes_meanwhile_is_not_sent_whole(film: Video, world: World, path: Path) -> None:
    path.write_bytes(b"a" * PIECE_BYTES * 3)

    def grow(percent: int) -> None:
        with path.open("ab") as more:
            more.write(b"more")

    with pytest.raises(FileSpoilt):
        sending.send(film, path, profile_key=PROFILE, replace=False, told=grow, at=timezone.now())

    assert _states() == ["given_up"]
    assert _at_kollus(world)[0]["arrived_at"] is None


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_the_page_and_the_command_know_a_file_by_the_same_mark(tmp_path: Path, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    ends = content[: 1024 * 1024] + content[-1024 * 1024 :]  # what `markOf` of film-file.js reads

    mark = sending._mark_of(io.BytesIO(content), size)

    assert mark == hashlib.sha256(f"{size}:".encode() + ends).hexdigest()
