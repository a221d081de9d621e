"""A course shows how far one is; who watched all of it has it on paper, and says what others see of that."""

import re
from datetime import UTC, datetime
from typing import Final

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests import factories
from videos.models import Certificate, Collection, Entitlement, Video, ViewerCode, WatchProgress
from videos.watching import certificates

pytestmark = pytest.mark.django_db

CERTIFICATE: Final = "/collections/course/certificate/"
# In Seoul the next day has begun.
LATE: Final = datetime(2026, 7, 1, 18, tzinfo=UTC)
PAPER: Final = {"name": "Ada Lovelace", "time_zone": "Asia/Seoul"}


@pytest.fixture
def course() -> Collection:
    return factories.collection(*(factories.video(duration_seconds=100) for _ in range(3)), slug="course")


@pytest.fixture
def hers(ada: User, course: Collection) -> Client:
    """Ada's browser; the course was given to her."""
    Entitlement.objects.create(
        user=ada, collection=course, reason="gift", reference="gift", starts_at=timezone.now()
    )
    return _browser_of(ada)


def saw(user: User, film: Video, seconds: int, *, at: datetime = LATE) -> None:
    code, _new = ViewerCode.objects.get_or_create(user=user)
    WatchProgress.objects.update_or_create(
        viewer_code=code,
        video=film,
        defaults={
            "seen": f"0-{seconds}",
            "watched_seconds": seconds,
            "position_seconds": seconds,
            "reported_at": at,
            "completed_at": at if seconds >= 90 else None,
        },
    )


def films(course: Collection) -> list[Video]:
    return list(course.videos.order_by("items__position"))


def finish(user: User, course: Collection) -> None:
    for film in films(course):
        saw(user, film, 100)


def text(visitor: Client, path: str) -> str:
    return visitor.get(path).content.decode()


def test_a_course_tells_how_far_one_is(ada: User, course: Collection, hers: Client) -> None:
    first, second, _third = films(course)
    saw(ada, first, 100)
    saw(ada, second, 30)

    page, library = text(hers, "/collections/course/"), text(hers, "/library/")

    assert "1 of 3 watched, 43% of it seen" in page
    assert page.count("poster-card__watched") == library.count("poster-card__watched") == 1
    assert f'aria-label="30% of {second.title} seen"' in page
    assert "1 of 3 watched" in library
    assert "certificate/" not in page + library


def test_who_saw_nothing_is_told_nothing(course: Collection, hers: Client) -> None:
    assert "course-progress" not in text(hers, "/collections/course/")
    assert "course-progress" not in text(Client(), "/collections/course/")


def test_the_certificate_is_made_out_once_and_dated_where_its_owner_lives(
    ada: User, course: Collection, hers: Client
) -> None:
    finish(ada, course)
    assert CERTIFICATE in text(hers, "/collections/course/") and CERTIFICATE in text(hers, "/library/")
    assert 'name="name"' in text(hers, CERTIFICATE)

    assert hers.post(CERTIFICATE, PAPER).status_code == 302
    certificate = Certificate.objects.get()
    assert hers.post(CERTIFICATE, PAPER | {"name": "A. L.", "time_zone": "UTC"}).status_code == 302
    again = Certificate.objects.get()

    assert re.fullmatch(r"000001-[2-9B-DF-HJ-NP-TV-Z]{10}", certificate.code)
    assert (again.code, again.time_zone, again.name) == (certificate.code, "Asia/Seoul", "A. L.")
    assert again.completed_at == LATE
    paper = text(hers, CERTIFICATE)
    assert "July 2, 2026</time> (Asia/Seoul)" in paper
    assert certificate.code in paper
    assert "3 films, 5 min" in paper
    assert "As reported by the player." in paper


def test_whoever_checks_the_code_sees_no_more_than_is_shared(
    ada: User, course: Collection, hers: Client
) -> None:
    finish(ada, course)
    hers.post(CERTIFICATE, PAPER)
    path = Certificate.objects.get().get_absolute_url()

    hidden = text(Client(), path)
    hers.post(CERTIFICATE, PAPER | {"is_name_shared": "on"})
    shown = text(Client(), path)

    assert "This certificate is genuine." in hidden
    assert course.title in hidden
    assert "Ada" not in hidden
    assert "ada@example.com" not in hidden + shown
    assert "Ada Lovelace" in shown
    assert "This certificate is genuine." in text(Client(), path.replace("000001-", "000001-").lower())


@pytest.mark.parametrize("code", ["000001-AAAAAAAAAA", "x" * 500, "가나다", "000001"])
def test_a_made_up_code_is_no_certificate(ada: User, course: Collection, hers: Client, code: str) -> None:
    finish(ada, course)
    hers.post(CERTIFICATE, PAPER)

    answer = Client().get(f"/certificates/{code}/")

    assert answer.status_code == 404
    assert "No certificate has this code" in answer.content.decode()


def test_only_who_watched_all_of_it_has_one(ada: User, bo: User, course: Collection, hers: Client) -> None:
    *_, last = films(course)
    finish(ada, course)
    saw(ada, last, 89)
    bos = _browser_of(bo)

    for visitor in (hers, bos, Client()):
        assert visitor.get(CERTIFICATE).status_code == 404
        assert visitor.post(CERTIFICATE, PAPER).status_code == 404
    assert not Certificate.objects.exists()
    saw(ada, last, 90)
    assert hers.post(CERTIFICATE, PAPER).status_code == 302
    assert bos.post(CERTIFICATE, PAPER).status_code == 404


def test_a_film_that_is_added_later_takes_no_certificate_back(
    ada: User, course: Collection, hers: Client
) -> None:
    finish(ada, course)
    hers.post(CERTIFICATE, PAPER)
    course.items.create(video=factories.video(), position=9)

    assert "3 films, 5 min" in text(hers, CERTIFICATE)
    assert "3 of 4 watched" in text(hers, "/collections/course/")


@pytest.mark.parametrize("zone", ["", "Nowhere/At-all", "../../etc/passwd", "x" * 64, "\0"])
def test_a_zone_that_is_none_becomes_the_shop_s(zone: str) -> None:
    assert certificates.known_zone(zone) == "UTC"


@pytest.mark.parametrize("kind", ["series", "bundle"])
def test_only_a_course_is_certified(ada: User, course: Collection, hers: Client, kind: str) -> None:
    finish(ada, course)
    Collection.objects.update(kind=kind)

    assert hers.get(CERTIFICATE).status_code == 404
    assert "certificate/" not in text(hers, "/collections/course/")


def test_a_guest_is_told_to_sign_in_for_it(course: Collection) -> None:
    guest = Client()
    guest.get("/")
    session = guest.session
    session["visitor"] = "v" * 32
    session.save()
    guest.cookies["sessionid"] = str(session.session_key)
    code = ViewerCode.objects.create(visitor="v" * 32)
    for film in films(course):
        WatchProgress.objects.create(
            viewer_code=code, video=film, seen="0-100", reported_at=LATE, completed_at=LATE
        )

    page = text(guest, "/collections/course/")

    assert "3 of 3 watched" in page
    assert "/account/sign-in/?next=/collections/course/" in page


def _browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser
