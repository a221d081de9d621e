"""A walk through the shop in its other languages meets no sentence in English."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from billing.models import LegalText
from tests import english_left
from tests.test_pages import PAGES

pytestmark = pytest.mark.django_db
MORE = [
    *("/terms/", "/privacy/", "/refund-policy/", "/imprint/", "/player-messages/", "/certificates/"),
    "/checkout/videos/noon-everywhere/panel/",
    "/checkout/collections/the-noon-club/panel/",
]


@pytest.fixture(scope="module", autouse=True)
def _sample_shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Filled once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_shop", verbosity=0)
        for kind in LegalText.Kind.values:
            words = {
                "body_en": "Words of the shop.",
                "body_ko": "상점의 말이에요.",
                "body_ja": "当店の言葉です。",
            }
            LegalText.objects.create(kind=kind, number=1, effective_at=timezone.now(), **words)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_page_speaks_its_language_alone(client: Client, language: str) -> None:
    for path in [*PAGES, *MORE]:
        answer = client.get(f"/{language}{path}")

        assert english_left.of(answer, language) == [], path


def test_words_that_nobody_wrote_in_japanese_stand_in_english(client: Client) -> None:
    words = {"body_en": "Later words.", "body_ko": "나중의 말이에요."}
    LegalText.objects.create(kind="terms", number=2, effective_at=timezone.now(), **words)

    answer = client.get("/ja/terms/")

    assert "Later words." in answer.content.decode()
    assert english_left.of(answer, "ja") == ["Later words."]
