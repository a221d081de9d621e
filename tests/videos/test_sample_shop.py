"""The shop that `make run` opens with."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from videos.models import Collection, Offer, Price, Video
from videos.sample_shop import films, seeding

pytestmark = pytest.mark.django_db
POSTERS = sorted(seeding.POSTERS.glob("*.svg"))


@pytest.fixture
def sample_shop() -> None:
    call_command("seed_shop", verbosity=0)


def test_there_is_something_to_choose_from(sample_shop: None) -> None:
    assert Video.objects.in_shop(at=timezone.now()).count() == len(films.FILMS) >= 8
    assert len(set(Video.objects.values_list("poster", flat=True))) == len(films.FILMS)
    assert set(Collection.objects.values_list("kind", flat=True)) == {"course", "series", "bundle"}


def test_a_second_run_changes_nothing_and_keeps_what_the_operator_changed(sample_shop: None) -> None:
    Video.objects.filter(slug="noon-everywhere").update(is_published=False)
    Offer.objects.filter(video__slug="left-at-the-moon", kind="rent").update(is_active=False)
    before = _rows()

    call_command("seed_shop", verbosity=0)

    assert _rows() == before


def test_each_film_has_words_in_each_language_and_can_be_owned_or_rented(sample_shop: None) -> None:
    for video in Video.objects.prefetch_related("texts", "offers"):
        assert {text.language for text in video.texts.all() if text.tagline and text.description} == {
            "en",
            "ko",
            "ja",
        }
        assert {offer.kind for offer in video.offers.all()} == {"own", "rent"}


def test_each_offer_has_a_price_in_each_currency(sample_shop: None) -> None:
    for offer in Offer.objects.prefetch_related("prices"):
        assert {price.currency for price in offer.prices.all()} == {"usd", "eur", "krw", "jpy"}


@pytest.mark.parametrize("poster", POSTERS, ids=lambda path: path.stem)
def test_a_poster_is_small_and_asks_nothing_of_anybody(poster: Path) -> None:
    drawing = poster.read_text("utf-8")

    assert len(drawing.encode()) < 12_000
    assert not re.search(r"<(script|text|image|style)|(?<!xmlns=\")https?://", drawing)


def _rows() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Video, Collection, Offer, Price)]
