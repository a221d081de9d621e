"""What was watched, as its owner sees it: drawn under the strict policy, in light and in dark, and by ear."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories, office
from tests.browser import axe
from tests.browser.walking import lend_cookies
from tests.conftest import Shop
from tests.videos.test_watch_map import watched
from videos.models import Certificate, Entitlement, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]


def test_the_map_is_drawn_and_told(open_page: OpenPage, shop: Shop, cho: User) -> None:
    film = factories.video("noon", duration_seconds=5400)
    for stop in range(300, 5401, 300):
        watched(film, (0, stop), (stop // 2, 60))
    page = open_page(viewport={"width": 1440, "height": 1000})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    lend_cookies(office.signed_in(cho), page, shop)

    page.goto(f"{shop.url}{office.page(type(film), 'change', film.pk)}")
    page.get_by_role("link", name="What was watched").click()

    picture = page.get_by_role("img", name=re.compile("How many viewers saw each part"))
    expect(picture).to_be_visible()
    bars = picture.locator(".watch-map__saw")
    first, last = bars.first.bounding_box(), bars.last.bounding_box()
    assert first
    assert last
    assert first["height"] > 5 * last["height"] > 0
    expect(page.get_by_role("row", name=re.compile("^0:00:00–0:04:30"))).to_contain_text("18")
    axe.finds_nothing_in_either_light(page, "the map")
    assert complaints == []


def test_a_course_is_finished_and_its_certificate_printed(open_page: OpenPage, shop: Shop, ada: User) -> None:
    course = factories.collection(*(factories.video(duration_seconds=100) for _ in range(2)), slug="course")
    Entitlement.objects.create(
        user=ada, collection=course, reason="gift", reference="gift", starts_at=timezone.now()
    )
    page = open_page(viewport={"width": 390, "height": 844})
    browser = Client()
    browser.force_login(ada)
    lend_cookies(browser, page, shop)
    page.goto(f"{shop.url}/collections/course/")
    first, second = course.videos.order_by("items__position")
    code = ViewerCode.objects.create(user=ada)
    for film, seen in ((first, 100), (second, 40)):
        saw(code, film, seen)
    page.reload()
    expect(page.get_by_text("1 of 2 watched, 70% of it seen")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "a course half watched")

    saw(code, second, 100)
    page.goto(f"{shop.url}/library/")
    axe.finds_nothing_in_either_light(page, "the library")
    page.get_by_role("link", name="Your certificate").click()
    page.get_by_label("Your name").fill("Ada Lovelace")
    axe.finds_nothing_in_either_light(page, "the form")
    page.get_by_test_id("certificate").click()

    expect(page.get_by_text("(Asia/Seoul)")).to_be_visible()
    axe.finds_nothing_in_either_light(page, "the certificate")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert len(re.findall(rb"/Type /Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")
    page.goto(shop.url + Certificate.objects.get().get_absolute_url())
    expect(page.get_by_text("This certificate is genuine.")).to_be_visible()
    expect(page.get_by_text("Ada Lovelace")).to_have_count(0)
    axe.finds_nothing_in_either_light(page, "the check")


def saw(code: ViewerCode, film: Video, stop: int) -> None:
    now = timezone.now()
    WatchProgress.objects.update_or_create(
        viewer_code=code,
        video=film,
        defaults={
            "seen": f"0-{stop}",
            "position_seconds": stop,
            "reported_at": now,
            "completed_at": now if stop >= 90 else None,
        },
    )
