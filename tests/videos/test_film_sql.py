"""The film that the written-out statement finds is the ORM's, field by field."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model

from tests import factories
from tests.statements import counted, of
from videos.models import Channel, Video, VideoText
from videos.models.film_sql import find_film

pytestmark = pytest.mark.django_db

_LEAVING = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def _fields(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"audio_languages": ["ko", "en"], "poster": "posters/noon.webp", "released_year": 2024},
        {"is_published": False, "may_be_kept": False, "sold_until": _LEAVING, "watched_until": _LEAVING},
        {"output_protection": "hdcp2"},
    ],
    ids=["plain", "full", "leaving", "strict"],
)
def test_the_film_is_the_orms(fields: dict[str, Any]) -> None:
    factories.video("noon", **fields)
    factories.video("dusk", audio_languages=["ja"])
    theirs = Video.objects.with_wanted_output().get(slug="noon")

    ours = find_film("noon")

    assert ours is not None
    assert _fields(ours) == _fields(theirs)
    assert ours.wanted_output == theirs.wanted_output
    for text in theirs.texts.all():
        found = ours.text_in(text.language)
        assert isinstance(found, VideoText)
        assert _fields(found) == _fields(text)


def test_its_texts_come_along() -> None:
    factories.video("noon")

    found, sql = of(lambda: find_film("noon"))

    assert found is not None
    with counted() as more:
        texts = [found.text_in(language) for language in ("en", "ko", "ja")]
    assert [text and text.language for text in texts] == ["en", "ko", "en"]
    assert (len(sql), len(more)) == (1, 0)


def test_what_a_display_must_do_is_told_by_the_channel() -> None:
    Channel.objects.create(key=settings.KOLLUS_CHANNEL_KEY or "usual", output_protection="hdcp1")
    elsewhere = Channel.objects.create(key="elsewhere", output_protection="hdcp2")
    factories.video("noon")
    factories.video("dusk", channel=elsewhere)

    for film in Video.objects.with_wanted_output():
        assert (found := find_film(film.slug)) is not None
        assert found.wanted_output == film.wanted_output


def test_a_film_without_a_text_is_found_by_its_address() -> None:
    factories.video("noon").texts.all().delete()

    found = find_film("noon")

    assert found is not None
    assert (found.text_in(), found.title) == (None, "noon")


def test_there_is_no_film_elsewhere() -> None:
    factories.video("noon")

    assert find_film("dusk") is None


def test_what_is_found_can_be_changed_and_kept() -> None:
    factories.video("noon")
    found = find_film("noon")
    assert found is not None

    found.age_rating = "15"
    found.save()

    assert Video.objects.get(slug="noon").age_rating == "15"
