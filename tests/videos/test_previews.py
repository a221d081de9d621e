"""Everybody may see the trailer or the first minutes: nothing more, and nothing is used up or kept by it."""

import json
from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, office, player
from tests.attacks import Visitor
from tests.player import LMS, PLAY, Link
from tests.statements import counted
from videos import previews
from videos.kollus import play_callback
from videos.models import Entitlement, PlaybackSession, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db

TRAILER: Final = "Tr41ler0"


@pytest.fixture
def cut(film: Video) -> Video:
    """The first six of 24 seconds are free."""
    film.preview_seconds = 6
    film.save()
    return film


@pytest.fixture
def trailed(film: Video) -> Video:
    film.trailer_key = TRAILER
    film.save()
    return film


def address(slug: str = "noon") -> str:
    return f"/api/v1/playback/preview/{slug}/"


def link() -> Link:
    answer = Client().get(address())
    assert answer.status_code == 200
    return Link(answer.json()["url"])


def asked(link: Link, kind: int = 1) -> Any:
    return player.opened(Client().post(PLAY, player.question(link, kind)).content.decode())


def test_the_first_seconds_are_cut_in_the_token_and_in_the_answer(cut: Video) -> None:
    shown = link()

    (film,) = shown.claims["mc"]
    assert film["mckey"] == cut.media_content_key
    assert film["play_section"] == {"start_time": 0, "end_time": 6}
    assert film["drm_policy"]["kind"] == "inka", "as protected as the film"
    reply = asked(shown)
    assert reply["data"] == {
        "result": 1,
        "play_section": {"start_time": 0, "end_time": 6},
        "expiration_playtime": 18,
    }
    assert reply["exp"] == shown.claims["expt"]
    assert asked(shown, 3)["data"] == {"result": 1, "content_expired": 0}


def test_a_trailer_is_another_film_and_plays_whole(trailed: Video) -> None:
    Video.objects.update(preview_seconds=6)

    shown = link()

    assert shown.claims["mc"] == [{"mckey": TRAILER, "disable_nscreen": True}]
    assert asked(shown)["data"] == {"result": 1}


def test_watching_a_preview_keeps_nothing_and_starts_nothing(cut: Video, ada: User, adas: Visitor) -> None:
    Entitlement.objects.update(hours_once_started=48, start_by=timezone.now() + timedelta(days=30))

    shown = Link(adas.get(address()).json()["url"])
    asked(shown, 1)
    asked(shown, 3)
    said = player.report(shown, start_at=int(timezone.now().timestamp()), position=5, watched=5)
    answer = Client().post(LMS, {"json_data": player.as_text(said)})

    assert answer.status_code == 200
    assert not Entitlement.objects.get().is_started
    for model in (PlaybackSession, WatchProgress, ViewerCode):
        assert not model.objects.exists()


def test_the_beginning_is_that_of_the_part_that_is_shown(cut: Video) -> None:
    Video.objects.update(plays_from_seconds=10, plays_until_seconds=20)
    assert link().claims["mc"][0]["play_section"] == {"start_time": 10, "end_time": 16}

    Video.objects.update(preview_seconds=10)
    assert Client().get(address()).status_code == 404, "the whole part"


def test_a_film_that_cannot_be_protected_has_no_preview_either(cut: Video, settings: Settings) -> None:
    settings.KOLLUS_DRM_SITE_ID = ""

    answer = Client().get(address())

    assert (answer.status_code, answer.json()["code"]) == (503, "cannot_protect")


def test_a_visitor_leaves_no_trace_and_costs_one_statement(cut: Video) -> None:
    visitor = Client()
    visitor.get(address())
    with counted() as sql:
        answer = visitor.get(address())

    assert len(sql) == 1 and not sql.writes
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["session"] == ""


def test_each_preview_has_a_viewer_of_its_own(cut: Video) -> None:
    """Where Kollus counts devices, one visitor does not stop another."""
    assert link().cuid != link().cuid


@pytest.mark.parametrize("state", ["no preview", "not in the shop", "no such film", "cut to nothing"])
def test_what_is_not_shown_has_no_link(cut: Video, state: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "no preview": {"preview_seconds": 0},
        "not in the shop": {"is_published": False},
        "cut to nothing": {"duration_seconds": 6},
    }
    Video.objects.update(**changes.get(state, {}))

    assert Client().get(address("no-such" if state == "no such film" else "noon")).status_code == 404


def test_a_link_that_ran_out_is_refused(cut: Video, settings: Settings) -> None:
    question = play_callback.read(player.question(link()))
    now = timezone.now()

    until = now + timedelta(seconds=settings.KOLLUS_LINK_SECONDS)
    assert player.opened(previews.answer(question, at=now) or "")["data"]["result"] == 1
    assert player.opened(previews.answer(question, at=until) or "")["data"]["result"] == 0


@pytest.mark.parametrize("forged", ["another film", "another viewer", "a later end", "no mac"])
def test_a_mark_is_good_for_its_own_preview_only(cut: Video, forged: str) -> None:
    shown = link()
    changes = {
        "another film": {"media_content_key": factories.video("dusk").media_content_key},
        "another viewer": {"client_user_id": "somebody"},
        "a later end": {"uservalues": json.dumps({"uservalue0": shown.mark.replace(":0:6.", ":0:9.")})},
        "no mac": {"uservalues": json.dumps({"uservalue0": shown.mark.rpartition(".")[0]})},
    }

    answer = Client().post(PLAY, player.question(shown, 1, **changes[forged]))

    assert answer.status_code == 404


def test_the_page_and_the_lists_tell_of_it(cut: Video, ada: User, adas: Visitor) -> None:
    page = Client().get("/videos/noon/").content.decode()
    assert "Watch the first 6 sec" in page
    assert 'data-act="preview"' not in adas.get("/videos/noon/").content.decode()
    assert "poster-card__preview" in Client().get("/").content.decode()
    assert "poster-card__preview" not in adas.get("/").content.decode()

    Video.objects.update(trailer_key=TRAILER)
    assert "예고편 보기" in Client().get("/ko/videos/noon/").content.decode()

    Video.objects.update(trailer_key="", preview_seconds=0)
    assert 'data-act="preview"' not in Client().get("/videos/noon/").content.decode()
    assert "poster-card__preview" not in Client().get("/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("trailer_key", "its own", "everybody could watch all of it"),
        ("trailer_key", "another's", "everybody could watch all of it"),
        ("preview_seconds", "24", "That is the whole film."),
    ],
)
def test_the_office_cannot_give_a_film_away(
    film: Video, cho: User, field: str, value: str, words: str
) -> None:
    keys = {"its own": film.media_content_key, "another's": factories.video("dusk").media_content_key}

    page = office.change(office.signed_in(cho), film, **{field: keys.get(value, value)})

    assert words in page
    assert not Video.objects.get(slug="noon").has_preview
