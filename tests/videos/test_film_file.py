"""The film's file on a video's page in the office, and what must be there before the video may be sold."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, kollus_uploads, office
from tests.sandbox_client import World
from videos.models import CollectionItem, KollusEvent, KollusFilm, Offer, Upload, Video
from videos.publishing import readiness, shelving

pytestmark = pytest.mark.django_db

MARK = "a" * 64


@pytest.fixture
def film(world: World) -> Video:
    world.configure(kollus={"content_after_seconds": 0, "transcoding_seconds": 0})
    return factories.video("noon", is_published=False, media_content_key="", duration_seconds=0)


@pytest.fixture
def ready(film: Video) -> Video:
    """Nothing is missing."""
    factories.offer(film)
    Video.objects.filter(pk=film.pk).update(
        media_content_key="Ab3dEf7h", upload_file_key="20260101-abcd1234", duration_seconds=24, poster="a.svg"
    )
    _said(film)
    film.refresh_from_db()
    return film


def _said(film: Video, **facts: Any) -> None:
    usual = {"is_there": True, "is_transcoded": True, "is_in_channel": True, "looked_at": timezone.now()}
    KollusFilm.objects.update_or_create(video=film, defaults=usual | facts)


def _begin(browser: Client, film: Video, **facts: Any) -> Any:
    file = {"name": "noon.mp4", "size": len(kollus_uploads.FILE), "mark": MARK}
    return browser.post(f"/admin/videos/video/{film.pk}/upload/", file | facts)


def _state(browser: Client, film: Video) -> str:
    return office.text(browser.get(f"/admin/videos/video/{film.pk}/film/"))


def test_the_page_sends_a_file_and_shows_how_far_it_is(film: Video, cho: User, world: World) -> None:
    browser = office.signed_in(cho)
    assert "There is no film yet" in _state(browser, film)

    address = _begin(browser, film).json()
    assert "The file is still on its way." in _state(browser, film)
    kollus_uploads.send(world, address["url"])
    told = browser.post(f"/admin/videos/video/{film.pk}/upload/sent/", {"key": address["key"]})
    office.act(browser, "ask_kollus", film)

    assert told.status_code == 204
    assert 'data-upload="ready"' in _state(browser, film)
    assert Upload.objects.get().asked_by == cho


def test_the_pages_policy_lets_the_file_go_to_kollus_and_the_token_stays(
    film: Video, cho: User, settings: Settings
) -> None:
    browser = office.signed_in(cho)

    answer = _begin(browser, film)
    page = browser.get(office.page(Video, "change", film.pk))
    other = browser.get(office.page(Video))

    assert f"connect-src 'self' {settings.KOLLUS_UPLOAD_BASE}" in page.headers["Content-Security-Policy"]
    assert settings.KOLLUS_UPLOAD_BASE not in other.headers["Content-Security-Policy"]
    assert settings.KOLLUS_API_TOKEN not in office.text(answer) + office.text(page)
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "facts, status, code",
    [
        ({"size": 0}, 400, "invalid"),
        ({"name": ""}, 400, "invalid"),
        ({"mark": "guess"}, 400, "invalid"),
        ({"mark": "b" * 64}, 409, "would_replace"),
        ({}, 409, "already_here"),
    ],
)
def test_a_file_is_refused_in_words(
    ready: Video, cho: User, facts: dict[str, Any], status: int, code: str
) -> None:
    now = timezone.now()
    Upload.objects.create(
        video=ready,
        upload_file_key=ready.upload_file_key,
        file_name="noon.mp4",
        file_size=9,
        file_mark=MARK,
        state="ready",
        asked_at=now,
        address_until=now,
        uploaded_at=now,
        decided_at=now,
    )

    refused = _begin(office.signed_in(cho), ready, **facts)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["sentence"]
    assert Upload.objects.count() == 1


def test_a_kollus_that_is_down_is_said_so(film: Video, cho: User, world: World) -> None:
    world.faults(kollus={"api": "down"})
    browser = office.signed_in(cho)

    answer = _begin(browser, film)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert browser.get(office.page(Video, "change", film.pk)).status_code == 200
    assert not Upload.objects.exists()


def test_without_a_token_the_page_says_what_to_set(film: Video, cho: User, settings: Settings) -> None:
    settings.KOLLUS_API_TOKEN = ""
    browser = office.signed_in(cho)

    assert _begin(browser, film).json()["code"] == "not_set_up"
    assert "KOLLUS_API_TOKEN is not set" in _state(browser, film)


def test_who_may_only_look_sends_nothing(film: Video, bo: User) -> None:
    browser = office.signed_in(bo, "videos.view_video")

    page = office.text(browser.get(office.page(Video, "change", film.pk)))

    assert "data-file" not in page
    assert _begin(browser, film).status_code == 403
    assert browser.post(f"/admin/videos/video/{film.pk}/upload/sent/").status_code == 403
    assert "There is no film yet" in _state(browser, film)
    office.act(browser, "publish", film)
    assert not Video.objects.get().is_published
    assert not Upload.objects.exists()


def test_strangers_reach_nothing(film: Video, ada: User) -> None:
    browser = Client()
    browser.force_login(ada)

    for answer in (_begin(browser, film), browser.get(f"/admin/videos/video/{film.pk}/film/")):
        assert answer.status_code == 302
        assert "/admin/login/" in answer.headers["Location"]


def test_a_video_with_everything_goes_into_the_shop_and_out(ready: Video, cho: User) -> None:
    browser = office.signed_in(cho)
    assert readiness.missing(ready) == []
    assert "Ready to sell" in _state(browser, ready)

    office.act(browser, "publish", ready)
    assert Client().get("/videos/noon/").status_code == 200
    office.act(browser, "publish", ready)
    office.act(browser, "withdraw", ready)

    assert Client().get("/videos/noon/").status_code == 404
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("id")]
    assert told == ["Put in the shop.", "Taken out of the shop. Who bought it keeps watching."]


def _look_in_vain_for_its_trailer(film: Video) -> None:
    Video.objects.update(trailer_key="TR1")
    _said(film, trailer_key="TR1")


MISSING: dict[str, Any] = {
    "It has no title": lambda film: film.texts.filter(language="en").delete(),
    "There is no film yet": lambda film: Video.objects.update(media_content_key=""),
    "length is not known": lambda film: Video.objects.update(duration_seconds=0),
    "has not been asked": lambda film: KollusFilm.objects.all().delete(),
    "no such file": lambda film: _said(film, is_there=False),
    "has not prepared": lambda film: _said(film, is_transcoded=False),
    "not in the shop's channel": lambda film: _said(film, is_in_channel=False),
    "encrypted for the Kollus player: choose that": lambda film: _said(film, is_encrypted=True),
    "not encrypted for the Kollus player": lambda film: Video.objects.update(protection="kollus"),
    "not been asked about this trailer": lambda film: Video.objects.update(trailer_key="TR1"),
    "no trailer of this key": _look_in_vain_for_its_trailer,
    "It has no price": lambda film: Offer.objects.update(is_active=False),
}


@pytest.mark.parametrize("words", MISSING)
def test_publishing_is_refused_and_names_what_is_missing(ready: Video, cho: User, words: str) -> None:
    MISSING[words](ready)

    answer = office.text(office.act(office.signed_in(cho), "publish", ready))

    assert words in answer.replace("&#x27;", "'")
    assert not Video.objects.get().is_published
    with pytest.raises(shelving.NotReady, match=words):
        shelving.publish(ready)


def test_all_that_is_missing_is_named_at_once(film: Video) -> None:
    with pytest.raises(shelving.NotReady) as refused:
        shelving.publish(film)

    assert len(refused.value.sentences) == 2


def test_what_it_can_do_without_is_advised_and_stops_nothing(ready: Video, cho: User) -> None:
    Video.objects.update(poster="")

    page = office.text(office.signed_in(cho).get(office.page(Video, "change", ready.pk)))

    for words in ("It has no poster", "Nobody can see any of it", "It has no chapters"):
        assert words in page
    assert "Ready to sell" in page
    assert shelving.publish(ready)

    Video.objects.update(poster="a.svg", preview_seconds=6)
    ready.chapters.create(language="en", start_seconds=0, title="Noon")
    assert not [need.label for need in readiness.needs(Video.objects.get()) if need.advice]


@pytest.mark.parametrize(
    "state, words",
    [
        ("waiting", "still on its way"),
        ("given_up", "did not arrive"),
        ("uploaded", "still preparing"),
        ("transcoded", "not in the channel yet"),
        ("failed", "could not prepare"),
    ],
)
def test_each_state_of_a_file_has_its_sentence(film: Video, state: str, words: str) -> None:
    now = timezone.now()
    facts = {"asked_at": now, "address_until": now, "uploaded_at": now, "decided_at": now}
    Upload.objects.create(video=film, upload_file_key="k", file_name="a", file_size=1, state=state, **facts)

    assert words in " ".join(readiness.missing(film))


def test_a_film_sold_with_its_collection_has_a_price(ready: Video) -> None:
    Offer.objects.update(is_active=False)
    course = factories.collection()
    CollectionItem.objects.create(collection=course, video=ready, position=1)
    assert readiness.missing(ready)

    factories.offer(course)

    assert readiness.missing(ready) == []


def test_the_form_alone_puts_nothing_into_the_shop(film: Video, cho: User) -> None:
    form = {
        **{"slug": "noon", "is_published": "on", "protection": "multi_drm", "duration_seconds": 0},
        **{"media_content_key": "", "upload_file_key": "", "audio_languages": "en"},
        **{"texts-TOTAL_FORMS": 0, "texts-INITIAL_FORMS": 0},
        **{"chapters-TOTAL_FORMS": 0, "chapters-INITIAL_FORMS": 0},
        **{"offers-TOTAL_FORMS": 0, "offers-INITIAL_FORMS": 0},
    }

    office.signed_in(cho).post(office.page(Video, "change", film.pk), form)

    film.refresh_from_db()
    assert film.audio_languages == ["en"], "the rest was saved"
    assert not film.is_published


def _uploads(count: int) -> None:
    now = timezone.now()
    for number in range(count):
        film = factories.video()
        key = f"{film.slug}-{number}"
        facts = {"asked_at": now, "address_until": now}
        Upload.objects.create(video=film, upload_file_key=key, file_name="a", file_size=1, **facts)
        KollusEvent.objects.create(kind="upload", upload_file_key=key, received_at=now)


@pytest.mark.parametrize("model", [Upload, KollusEvent])
def test_a_list_costs_the_same_however_long_it_is(cho: User, model: type[Any]) -> None:
    browser = office.signed_in(cho)
    _uploads(5)
    short = office.statements(browser, office.page(model))
    _uploads(40)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= 3
    assert not any("COUNT(" in sql for sql in long)


@pytest.mark.parametrize("model", [Upload, KollusEvent])
def test_what_happened_is_found_by_its_key_and_cannot_be_edited(cho: User, model: type[Any]) -> None:
    _uploads(2)
    row = model.objects.first()
    browser = office.signed_in(cho)

    found = browser.get(office.page(model), {"q": row.upload_file_key})

    assert "1 shown" in office.text(found)
    assert browser.post(office.page(model, "change", row.pk), {}).status_code == 403


def test_a_page_that_was_opened_before_the_upload_does_not_undo_it(ready: Video, cho: User) -> None:
    now = timezone.now()
    facts = {"asked_at": now, "address_until": now, "uploaded_at": now, "decided_at": now, "state": "ready"}
    Upload.objects.create(
        video=ready, upload_file_key=ready.upload_file_key, file_name="a", file_size=1, **facts
    )
    form = {
        **{"slug": "noon", "protection": "multi_drm", "duration_seconds": 0, "released_year": 1999},
        **{"media_content_key": "", "upload_file_key": "", "audio_languages": "en"},
        **{"texts-TOTAL_FORMS": 0, "texts-INITIAL_FORMS": 0},
        **{"chapters-TOTAL_FORMS": 0, "chapters-INITIAL_FORMS": 0},
        **{"offers-TOTAL_FORMS": 0, "offers-INITIAL_FORMS": 0},
    }

    office.signed_in(cho).post(office.page(Video, "change", ready.pk), form)

    saved = Video.objects.get()
    assert saved.released_year == 1999, "the rest was saved"
    assert (saved.media_content_key, saved.duration_seconds) == ("Ab3dEf7h", 24)
    assert saved.upload_file_key == "20260101-abcd1234"


@pytest.mark.parametrize(
    "is_published, shown, hidden", [(True, "Take out", "Put in"), (False, "Put in", "Take out")]
)
def test_the_page_shows_the_button_that_does_something(
    ready: Video, cho: User, is_published: bool, shown: str, hidden: str
) -> None:
    Video.objects.update(is_published=is_published)

    page = office.text(office.signed_in(cho).get(office.page(Video, "change", ready.pk)))

    assert f">{shown}" in page
    assert f">{hidden}" not in page
