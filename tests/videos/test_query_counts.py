"""Promised numbers of SQL statements, the same for ten films and for three hundred."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from django.db import connection
from django.utils import timezone

from accounts.identity import give_pass
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor
from tests.player import LMS, PLAY, Link
from tests.statements import counted
from videos import entitlements
from videos.models import Collection, CollectionItem, Entitlement, Offer, Price, Video, VideoText

pytestmark = pytest.mark.django_db

SIZES: Final = (10, 300)


def test_the_pages_cost_the_same_however_many_films_there_are(ada: User) -> None:
    """Ada owns a film in ten; the course holds every film, as does a second one."""
    most = {
        "catalogue": ("/", Visitor(), 4),
        "video": ("/videos/film-3/", Visitor(), 4),
        "collection": ("/collections/course-1/", Visitor(), 7),
        "library": ("/library/", Visitor(), 3),
        "catalogue, Ada": ("/", _browser_of(ada), 8),
        "video, Ada's": ("/videos/film-0/", _browser_of(ada), 6),
        "collection, Ada": ("/collections/course-1/", _browser_of(ada), 12),
        "library, Ada": ("/library/", _browser_of(ada), 8),
    }
    counts: dict[str, list[int]] = {what: [] for what in most}

    for size in SIZES:
        _fill(size, owner=ada)
        for what, (path, visitor, _) in most.items():
            assert visitor.get(path).status_code == 200
            with counted() as sql:
                visitor.get(path)
            counts[what].append(len(sql))

    for what, (few, many) in counts.items():
        assert few == many <= most[what][2], (what, few, many)


def test_the_pages_tell_of_what_they_counted(ada: User) -> None:
    """That the counts above were not those of empty pages."""
    _fill(10, owner=ada)

    assert "The course 1" in _text(Visitor(), "/")
    assert "강의 1" in _text(Visitor(), "/ko/")
    assert _text(Visitor(), "/collections/course-1/").count('href="/videos/film-') == 10
    assert _text(_browser_of(ada), "/library/").count('href="/videos/film-') == 1


def test_a_catalogue_s_row_falls_back_to_another_language_s_title() -> None:
    course = factories.collection(factories.video(), slug="a-course")
    course.texts.filter(language="ko").delete()

    title = course.texts.get().title
    assert title in _text(Visitor(), "/ko/")
    course.texts.all().delete()
    assert "a-course" in _text(Visitor(), "/ko/")


def test_playing_asks_little_of_the_database(ada: User, adas: Visitor) -> None:
    """Signed in it is one statement more: the user."""
    guest = _guest_who_may_watch("noon")
    link = Link(_ticket(guest)["url"])
    offer = factories.offer(factories.video("dawn"), "rent")
    entitlements.grant(offer, user_id=ada.pk, reference="rented", at=timezone.now())
    rented = Link(_ticket(adas, "dawn")["url"])
    device = Visitor().client
    start_at = int(timezone.now().timestamp())

    def ask(link: Link, kind: int) -> Callable[[], object]:
        return partial(device.post, PLAY, player.question(link, kind))

    def tell(link: Link, after: int) -> Callable[[], object]:
        said = player.report(link, start_at=start_at - 60, position=after, watched=after, runtime=after)
        return partial(device.post, LMS, {"json_data": player.as_text(said)})

    costs: list[tuple[str, Callable[[], object], int, int]] = [
        ("open", lambda: _ticket(guest), 2, 1),
        ("open, signed in", lambda: _ticket(adas), 3, 1),
        ("renew", _renewal(guest), 3, 1),
        ("renew, signed in", _renewal(adas), 4, 1),
        ("may it play", ask(link, 1), 2, 1),
        ("may it play, again", ask(link, 1), 2, 1),
        ("does it play", ask(link, 3), 2, 1),
        ("may it play, rented", ask(rented, 1), 2, 1),
        ("does it play, rented: the hours start", ask(rented, 3), 2, 1),
        ("first progress", tell(link, 5), 2, 1),
        ("more progress", tell(link, 9), 2, 1),
        ("progress told again", tell(link, 9), 1, 0),
        ("old progress", tell(link, 7), 1, 0),
    ]
    for what, act, statements, writes in costs:
        with counted() as sql:
            act()
        assert (len(sql), len(sql.writes)) == (statements, writes), (what, list(sql))


def test_a_page_for_who_has_no_session_opens_none() -> None:
    _fill(10, owner=None)

    for path in ("/", "/videos/film-3/", "/collections/course-1/", "/library/"):
        assert "sessionid" not in Visitor().get(path).cookies


def _fill(size: int, *, owner: User | None) -> None:
    """Bring the shop to `size` films on sale, all in two courses; every tenth is the owner's."""
    have = Video.objects.count()
    films = Video.objects.bulk_create(
        Video(slug=f"film-{n}", media_content_key=f"M{n}", duration_seconds=24, is_published=True)
        for n in range(have, size)
    )
    for language in ("en", "ko"):
        VideoText.objects.bulk_create(
            VideoText(video=film, language=language, title=f"{film.slug} {language}") for film in films
        )
    offers = Offer.objects.bulk_create(Offer(kind="own", video=film) for film in films)
    for currency, amount in factories.PRICES.items():
        Price.objects.bulk_create(
            Price(offer=offer, currency=currency, amount_minor=amount) for offer in offers
        )
    for number in (1, 2):
        course = Collection.objects.filter(slug=f"course-{number}").first() or _course(number)
        CollectionItem.objects.bulk_create(
            CollectionItem(collection=course, video=film, position=position)
            for position, film in enumerate(films, start=have + 1)
        )
    Entitlement.objects.bulk_create(
        Entitlement(user=owner, video=film, reason="gift", reference=film.slug, starts_at=timezone.now())
        for film in films[::10]
        if owner
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _course(number: int) -> Collection:
    course = Collection.objects.create(slug=f"course-{number}", kind="course", is_published=True)
    for language, title in (("en", "The course"), ("ko", "강의")):
        course.texts.create(language=language, title=f"{title} {number}")
    factories.offer(course)
    return course


def _guest_who_may_watch(slug: str) -> Visitor:
    visitor = Visitor()
    session = visitor.client.session
    session["visitor"] = "v" * 32
    session.save()
    offer = factories.offer(Video.objects.get(slug=slug))
    entitlements.grant(offer, user_id=None, reference="a-purchase", at=timezone.now())
    give_pass(visitor="v" * 32, reference="a-purchase")
    return visitor


def _ticket(visitor: Visitor, slug: str = "noon") -> dict[str, str]:
    ticket: dict[str, str] = visitor.post("/api/v1/playback/", {"video": slug}).json()
    return ticket


def _renewal(visitor: Visitor) -> Callable[[], object]:
    return partial(visitor.post, f"/api/v1/playback/{_ticket(visitor)['session']}/link/")


def _browser_of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(user)
    return visitor


def _text(visitor: Visitor, path: str) -> str:
    return visitor.get(path).content.decode()
