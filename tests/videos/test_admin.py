"""The catalogue and its viewings, as the office sees and changes them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from videos.models import (
    Collection,
    CollectionItem,
    Entitlement,
    Offer,
    PlaybackSession,
    Video,
    ViewerCode,
    WatchProgress,
)

pytestmark = pytest.mark.django_db


def _videos(count: int) -> None:
    for _ in range(count):
        factories.film_on_sale()


def _collections(count: int) -> None:
    for _ in range(count):
        factories.offer(factories.collection(factories.video()))


def _rights(count: int) -> None:
    for number in range(count):
        factories.gift(
            factories.video(), User.objects.create_user(f"{timezone.now():%f}-{number}@example.com")
        )


def _viewings(count: int) -> None:
    _rights(count)
    now = timezone.now()
    for right in Entitlement.objects.filter(sessions=None).select_related("user", "video"):
        assert right.video
        code = ViewerCode.objects.create(user=right.user)
        PlaybackSession.objects.create(
            viewer_code=code, entitlement=right, video=right.video, opened_at=now, link_until=now
        )
        WatchProgress.objects.create(viewer_code=code, video=right.video, reported_at=now)


@pytest.mark.parametrize(
    "model, fill, most",
    [
        (Video, _videos, 6),
        (Offer, _videos, 4),
        (Collection, _collections, 6),
        (Entitlement, _rights, 3),
        (PlaybackSession, _viewings, 3),
        (WatchProgress, _viewings, 3),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(
    cho: User, model: type[Model], fill: Callable[[int], None], most: int
) -> None:
    browser = office.signed_in(cho)
    fill(5)
    short = office.statements(browser, office.page(model))
    fill(55)

    long = office.statements(browser, office.page(model))

    assert len(long) == len(short) <= most
    assert not any("COUNT(" in sql for sql in long)


def test_older_rows_follow_by_key(cho: User) -> None:
    browser = office.signed_in(cho)
    films = [factories.video(f"reel-{number:02}") for number in range(60)]

    newest = browser.get(office.page(Video))
    assert f'href="?p={films[30].pk}"' in office.text(newest)
    older = office.text(browser.get(office.page(Video), {"p": films[30].pk}))

    assert "reel-59" in office.text(newest)
    assert "reel-29" not in office.text(newest)
    assert "reel-29" in older
    assert "reel-30" not in older
    assert 'rel="next"' not in older


@pytest.mark.parametrize("term", ["noon-every", "Noon every", "정오"])
def test_a_film_is_found_by_its_address_and_its_title(cho: User, term: str) -> None:
    noon = factories.video("noon-everywhere")
    noon.texts.filter(language="ko").update(title="어디나 정오")
    factories.video("knife")

    found = office.text(office.signed_in(cho).get(office.page(Video), {"q": term}))

    assert "noon-everywhere" in found
    assert "knife" not in found


def _parts_form(collection: Collection, parts: list[tuple[CollectionItem | Video, int]]) -> dict[str, Any]:
    kept = sum(isinstance(part, CollectionItem) for part, _ in parts)
    text = collection.texts.get(language="en")
    form = {
        **{"slug": collection.slug, "kind": collection.kind, "position": 0, "is_published": "on"},
        **{"texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 1, "texts-0-id": text.pk},
        **{"texts-0-language": "en", "texts-0-title": text.title, "texts-0-collection": collection.pk},
        **{"items-TOTAL_FORMS": len(parts), "items-INITIAL_FORMS": kept},
        **{"offers-TOTAL_FORMS": 0, "offers-INITIAL_FORMS": 0},
    }
    for number, (part, position) in enumerate(parts):
        is_kept = isinstance(part, CollectionItem)
        form |= {f"items-{number}-id": part.pk} if is_kept else {}
        form |= {
            f"items-{number}-collection": collection.pk,
            f"items-{number}-video": part.video_id if isinstance(part, CollectionItem) else part.pk,
            f"items-{number}-position": position,
        }
    return form


def test_parts_change_places_come_and_go(cho: User) -> None:
    first, second, third, fresh = (factories.video(slug) for slug in ("one", "two", "three", "four"))
    course = factories.collection(first, second, third)
    items = list(course.items.order_by("position"))
    form = _parts_form(course, [(items[0], 2), (items[1], 1), (items[2], 9), (fresh, 3)])

    office.signed_in(cho).post(office.page(Collection, "change", course.pk), form | {"items-2-DELETE": "on"})

    assert list(course.videos.order_by("items__position")) == [second, first, fresh]


def test_a_film_stands_in_a_collection_once(cho: User) -> None:
    film = factories.video()
    course = factories.collection(film)
    form = _parts_form(course, [(course.items.get(), 1), (film, 2)])

    refused = office.signed_in(cho).post(office.page(Collection, "change", course.pk), form)

    assert "in a collection once" in office.text(refused)
    assert course.items.count() == 1


def test_a_film_cannot_be_written_with_an_unknown_language(cho: User) -> None:
    film = factories.video("noon")

    answer = office.signed_in(cho).post(
        office.page(Video, "change", film.pk), {"slug": "noon", "audio_languages": ["xx"]}
    )

    assert "xx is not one of the available choices" in office.text(answer)


@pytest.mark.parametrize("term", ["ada@example.com", "CODE123456", "gift"])
def test_a_viewing_is_found_by_viewer_code_and_purchase(cho: User, ada: User, term: str) -> None:
    film = factories.video("noon")
    right = factories.gift(film, ada)
    Entitlement.objects.filter(pk=right.pk).update(reference="a" * 32)
    code = ViewerCode.objects.create(user=ada, code="CODE123456")
    now = timezone.now()
    PlaybackSession.objects.create(
        viewer_code=code, entitlement=right, video=film, opened_at=now, link_until=now
    )
    term = "a" * 32 if term == "gift" else term

    found = office.text(office.signed_in(cho).get(office.page(PlaybackSession), {"q": term}))

    assert "1 shown" in found


@pytest.mark.parametrize("model", [Video, Collection, Offer, Entitlement, PlaybackSession, WatchProgress])
def test_nothing_can_be_deleted(cho: User, ada: User, model: type[Model]) -> None:
    _viewings(1)
    factories.offer(factories.collection(factories.video()))
    row = model._default_manager.first()
    assert row

    refused = office.signed_in(cho).post(office.page(model, "delete", row.pk), {"post": "yes"})

    assert refused.status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Entitlement, PlaybackSession, WatchProgress])
def test_what_happened_cannot_be_edited(cho: User, model: type[Model]) -> None:
    _viewings(1)
    row = model._default_manager.get()

    assert office.signed_in(cho).post(office.page(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize("model", [Video, Collection, Offer, Entitlement, PlaybackSession, WatchProgress])
def test_staff_without_rights_see_nothing(bo: User, model: type[Model]) -> None:
    assert office.signed_in(bo).get(office.page(model)).status_code == 403
