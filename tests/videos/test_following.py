"""After a film the next one of its collection is offered: to play for who may, for others to look at."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.statements import counted
from videos.models import Video

pytestmark = pytest.mark.django_db


def after(slug: str, browser: Client) -> Any:
    answer = browser.get(f"/api/v1/playback/following/{slug}/")
    return answer.json() if answer.status_code == 200 else answer.status_code


@pytest.fixture
def course(film: Video) -> list[Video]:
    films = [film, *(factories.video(slug) for slug in ("one", "two"))]
    factories.collection(*films)
    return films


def test_it_is_the_next_in_the_collection(course: list[Video], adas: Visitor) -> None:
    assert after("noon", adas.client) == {
        "slug": "one",
        "title": course[1].title,
        "url": "/videos/one/",
        "may_watch": False,
    }
    assert after("two", adas.client) == 204, "the last"
    assert after("nothing", adas.client) == 204


def test_who_owns_the_collection_may_play_it(course: list[Video], ada: User, adas: Visitor) -> None:
    factories.gift(course[1], ada)

    assert after("noon", adas.client)["may_watch"] is True
    assert after("noon", Client())["may_watch"] is False


def test_of_two_collections_the_one_that_is_the_viewer_s_goes_on(
    course: list[Video], ada: User, adas: Visitor
) -> None:
    other = factories.video("other")
    factories.collection(course[0], other)
    factories.gift(other, ada)

    assert after("noon", adas.client)["slug"] == "other"
    assert after("noon", Client())["slug"] == "one"


def test_what_is_not_in_the_shop_is_passed_over(course: list[Video]) -> None:
    Video.objects.filter(slug="one").update(is_published=False)
    assert after("noon", Client())["slug"] == "two"

    course[0].collections.update(is_published=False)
    assert after("noon", Client()) == 204


def test_it_costs_the_same_in_a_long_collection(film: Video) -> None:
    counts = []
    factories.collection(film, *(factories.video() for _ in range(3)))
    for _ in range(2):
        with counted() as sql:
            assert after("noon", Client())
        counts.append(len(sql))
        factories.collection(film, *(factories.video() for _ in range(30)))

    assert counts[0] == counts[1] <= 3
