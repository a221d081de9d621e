"""Whoever buys, watches or is refused in another language meets no sentence in English, wherever he goes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from tests import english_left, refusals
from tests.attacks import Answer, Visitor
from tests.privacy import adas_things
from tests.privacy.adas_things import Things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PUBLIC, SIGNED_IN, filled
from videos.models import Collection, CollectionText, Video, VideoText

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("language", ["ko", "ja"])]
FOR_ENGINEERS, SIGNS_OUT = "api/v1/schema/", "account/sign-out/"
NOTHING_THEN = "orders/?on=2001-01-01"
FEWEST_ANSWERS = 70  # whoever adds one need not raise this; none may be lost in silence


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Things]:
    """Ada's things, in a transaction around those of the tests, with Japanese words for what is on sale."""
    with django_db_blocker.unblock(), transaction.atomic():
        things = adas_things.of(User.objects.create_user("ada@example.com", None, name="Ada Lovelace"))
        for film in Video.objects.exclude(texts__language="ja"):
            VideoText.objects.create(video=film, language="ja", title="正午のうた", tagline="短い映画です。")
        for course in Collection.objects.exclude(texts__language="ja"):
            CollectionText.objects.create(collection=course, language="ja", title="みじかいコース")
        yield things
        transaction.set_rollback(True)


@pytest.fixture
def things(made_once: Things, db: None, settings: Settings, tmp_path: Path) -> Things:
    settings.MEDIA_ROOT = tmp_path
    return made_once


def test_what_ada_has_speaks_it(things: Things, language: str) -> None:
    adas = refusals.browser_of(User.objects.get(email="ada@example.com"))
    tables = (PUBLIC, EACH_HIS_OWN, SIGNED_IN, LINK, OWNER)
    addresses = [filled(each, things) for table in tables for each in table.values() if each != FOR_ENGINEERS]

    seen = _walked(adas, language, [*addresses, NOTHING_THEN])

    assert len(seen) >= FEWEST_ANSWERS, sorted(seen)


def test_what_is_there_for_who_has_nothing_speaks_it(things: Things, bo: User, language: str) -> None:
    assert _walked(refusals.browser_of(bo), language, [*EACH_HIS_OWN, *SIGNED_IN])
    assert _walked(Visitor(), language, [*EACH_HIS_OWN, *PUBLIC.values()])


def test_what_is_refused_speaks_it(things: Things, language: str) -> None:
    pages = refusals.of(User.objects.get(email="ada@example.com"), things.order, f"/{language}")

    left = {what: english_left.of_page(page, language) for what, page in pages.items()}

    assert {what: english for what, english in left.items() if english} == {}


def _walked(visitor: Visitor, language: str, addresses: Iterable[str]) -> set[str]:
    """The addresses where something is said, each looked at and sent empty; fails with the English there."""
    left, seen = {}, set()
    for address in addresses:
        path = f"/{language}/{address}"
        for answer in (visitor.get(path, follow=True), *_sent_empty(visitor, path)):
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if answer.content.strip() and kind in {"text/html", "application/json"}:
                seen.add(address)
                left[address, answer.status_code] = english_left.of(answer, language)
    assert {where: english for where, english in left.items() if english} == {}
    return seen


def _sent_empty(visitor: Visitor, path: str) -> Iterator[Answer]:
    """What the next address needs is as it was afterwards."""
    if path.endswith(SIGNS_OUT):
        return
    send = visitor.post if "/api/" in path else visitor.post_form
    with transaction.atomic():
        yield send(path)
        transaction.set_rollback(True)
