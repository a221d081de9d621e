"""A file dropped on its video's page comes to Kollus whole, whatever happens on the way, and then plays."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from tests import factories, office
from tests.browser import axe
from tests.browser.cinema import PLAIN, Visit
from tests.conftest import Shop
from videos.models import Upload, Video

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
_MEGABYTE = 1024 * 1024
# What was said, and how far the bar had come whenever its number changed.
_KEEP_WHAT_IS_SAID = """() => {
    window.__said = []
    window.__moved = []
    const part = (selector) => document.querySelector(`film-file ${selector}`)
    const [region, bar] = [part("[role=status]"), part("progress")]
    new MutationObserver(() => __said.push(region.textContent)).observe(region, { childList: true })
    new MutationObserver(() => __moved.push(bar.value)).observe(part("[data-percent]"), { childList: true })
}"""


@pytest.fixture
def film(shop: Shop) -> Video:
    shop.world.configure(kollus={"content_after_seconds": 0, "transcoding_seconds": 1})
    return factories.video(
        "noon", is_published=False, media_content_key="", duration_seconds=0, poster="posters/noon.svg"
    )


@pytest.fixture
def cho_page(open_page: OpenPage, cho: User) -> Iterator[Callable[..., Page]]:
    """Opens a page in which Cho is signed in."""
    cookie = office.signed_in(cho).cookies[settings.SESSION_COOKIE_NAME].value

    def opened(shop: Shop, **options: Any) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": shop.url}])
        return page

    yield opened


def _file(folder: Path, megabytes: int, name: str = "noon.mp4") -> Path:
    path = folder / name
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(_MEGABYTE))
    return path


def _words(page: Page) -> Any:
    return page.locator("film-file [role=status]")


def _arrived(shop: Shop) -> list[dict[str, Any]]:
    return [each for each in shop.world.report()["kollus"]["uploads"] if each["arrived_at"]]


def test_a_large_file_arrives_through_cuts_and_a_reload_and_is_sold(
    cho_page: Callable[..., Page],
    open_page: OpenPage,
    shop: Shop,
    film: Video,
    tmp_path: Path,
    celery_worker: Any,
) -> None:
    file = _file(tmp_path, 50)
    page = cho_page(shop)
    page.goto(shop.url + office.page(Video, "change", film.pk))
    shop.world.faults(kollus={"cut_uploads": 2})
    page.evaluate(_KEEP_WHAT_IS_SAID)
    tries: list[Route] = []

    def hold_the_third(route: Route) -> None:
        tries.append(route)
        if len(tries) < 3:
            route.continue_()

    page.route("**/UploadMultiParts/**", hold_the_third)
    page.locator("[data-file]").set_input_files(file)
    for _ in range(300):
        if len(tries) == 3:
            break
        page.wait_for_timeout(100)
    assert len(tries) == 3
    assert len([words for words in page.evaluate("__said") if "The connection was cut" in words]) == 2
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/UploadMultiParts/**")

    expect(page.locator("[data-upload=waiting]")).to_contain_text("choose the same file again")
    page.evaluate(_KEEP_WHAT_IS_SAID)
    page.locator("[data-file]").set_input_files(file)
    expect(_words(page)).to_contain_text("The file has been sent")
    assert any(percent > 0 for percent in page.evaluate("__moved")), "the bar stood still"
    expect(page.locator("[data-upload=ready]")).to_be_visible()
    expect(page.get_by_role("heading", name="One thing is missing before it can be sold")).to_be_visible()

    [content] = _arrived(shop)
    assert content["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["given_up"] * 3 + ["ready"]

    page.get_by_role("link", name="Add an offer").click()
    page.locator("[name=kind]").select_option("own")
    page.get_by_role("button", name="Add another Price").click()
    page.locator("[name=prices-0-currency]").select_option("usd")
    page.locator("[name=prices-0-amount_minor]").fill("1250")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(shop.url + office.page(Video, "change", film.pk))
    expect(page.get_by_role("heading", name="Ready to sell")).to_be_visible()
    page.get_by_role("button", name="Put in the shop").click()
    expect(page.get_by_text("Put in the shop.")).to_be_visible()
    visit = Visit.begin(open_page(), shop, "/videos/noon/")
    expect(visit.page.get_by_test_id("pay")).to_contain_text("$12.50")
    visit.fill(PLAIN)
    visit.pay()
    visit.expect_film()


def test_by_keyboard_and_for_ears(
    cho_page: Callable[..., Page], shop: Shop, film: Video, tmp_path: Path
) -> None:
    small = _file(tmp_path, 1)
    page = cho_page(shop)
    page.goto(shop.url + office.page(Video, "change", film.pk))
    page.locator("[data-file]").focus()

    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    shop.world.faults(kollus={"cut_uploads": 1, "api": "down"})
    chooser.value.set_files(small)
    expect(_words(page)).to_have_text("Kollus does not answer. Nothing was sent; try again in a minute.")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    axe.finds_nothing(page, context="film-file")

    shop.world.clear_faults()
    again.focus()
    page.keyboard.press("Enter")
    expect(_words(page)).to_contain_text("The file has been sent")
    page.locator("[data-file]").set_input_files(small)
    expect(_words(page)).to_contain_text("sent")


def test_a_dropped_file_takes_a_films_place_with_a_word_only(
    cho_page: Callable[..., Page], shop: Shop, film: Video
) -> None:
    Video.objects.filter(pk=film.pk).update(media_content_key="Ab3dEf7h", duration_seconds=24)
    page = cho_page(shop)
    page.goto(shop.url + office.page(Video, "change", film.pk))

    page.evaluate(
        """() => {
            const data = new DataTransfer()
            data.items.add(new File(["another film"], "dusk.mp4"))
            const zone = document.querySelector("[data-drop]")
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }))
        }"""
    )
    expect(_words(page)).to_contain_text("Send this file in its place?")
    assert not Upload.objects.exists()
    page.get_by_role("button", name="Send it in the film's place").click()

    expect(_words(page)).to_contain_text("The file has been sent")
    [content] = _arrived(shop)
    assert content["file_name"] == "dusk.mp4"


@pytest.mark.parametrize(("width", "mode", "prefix"), [(390, "dark", "/ko"), (1440, "light", "")])
def test_it_fits_and_can_be_read(
    cho_page: Callable[..., Page],
    shop: Shop,
    film: Video,
    width: int,
    mode: str,
    prefix: str,
) -> None:
    page = cho_page(shop, viewport={"width": width, "height": 900}, color_scheme=mode)
    page.goto(shop.url + prefix + office.page(Video, "change", film.pk))

    axe.finds_nothing(page, context="film-file")
    box = page.locator("film-file").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    if folder := os.environ.get("LOOK_INTO"):
        page.screenshot(path=f"{folder}/film-{width}-{mode}.png")
