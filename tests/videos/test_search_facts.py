"""What a film's page tells search engines: valid, true in each language, and no way into the page."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from videos.models import Video

pytestmark = pytest.mark.django_db


def facts(path: str) -> Any:
    page = Client().get(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in blocks]


def test_the_page_describes_its_film(film: Video) -> None:
    Video.objects.update(poster="posters/a.svg", audio_languages=["ko"], age_rating="12+")

    (told,) = facts("/videos/noon/")

    assert told["@type"] == "VideoObject"
    assert told["name"] == film.title
    assert told["description"] == "A short film."
    assert told["url"].endswith("/videos/noon/")
    assert told["duration"] == "PT24S"
    assert told["thumbnailUrl"] == ["http://localhost/media/posters/a.svg"]
    assert told["isAccessibleForFree"] is False
    assert (told["inLanguage"], told["contentRating"]) == (["ko"], "12+")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["uploadDate"])
    assert film.media_content_key not in json.dumps(told)


def test_every_language_tells_the_same_but_its_own_words(film: Video) -> None:
    (english,), (korean,) = facts("/videos/noon/"), facts("/ko/videos/noon/")

    differing = {name for name in english if english[name] != korean[name]}
    assert differing == {"name", "description", "url"}


def test_a_title_cannot_end_the_block(film: Video) -> None:
    film.texts.update(title="</script><script>alert(1)</script>", tagline="<!-- & more")

    page = Client().get("/videos/noon/").content.decode()

    assert "<script>alert" not in page
    (told,) = facts("/videos/noon/")
    assert told["name"] == "</script><script>alert(1)</script>"
    assert told["description"] == "<!-- & more"


def test_what_is_not_in_the_shop_is_not_told_of(film: Video, adas: Any) -> None:
    Video.objects.update(is_published=False)

    assert "ld+json" not in adas.get("/videos/noon/").content.decode()
