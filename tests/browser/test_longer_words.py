"""Words that are 40 % longer than the English ones, as other languages' are: every page on small screens."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils.translation.trans_real import DjangoTranslation
from playwright.sync_api import Page

from accounts.models import User
from tests import refusals
from tests.browser import thumbs, walking
from tests.conftest import Shop
from tests.privacy import adas_things
from tests.privacy.table_of_urls import EACH_HIS_OWN, LINK, OWNER, PUBLIC, SIGNED_IN, filled
from videos.models import CollectionText, VideoText

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "videos/noon-everywhere/"
SAMPLES = [FILM, "collections/night-ferries/", "checkout/collections/the-noon-club/", "nowhere/"]
FEWEST_PAGES = 75  # whoever adds one need not raise this; none may be lost in silence
# A small phone, a phone, and a window of 1280 px whose reader wants twice the size.
WIDTHS = (320, 390, 640)
ADDRESS = "{}.king.countess.of.lovelace@the.lovelace.family.from.ockham.example.com"
WORD = "Donaudampfschifffahrtsgesellschaftskapitän"
# What is folded is opened first. Words are found that stick out of their own box, seen there or cut.
_FOUND = """() => {
    for (const each of document.querySelectorAll("main details")) each.open = true
    const root = document.documentElement
    const found = [...document.querySelectorAll("body *")].filter((each) => {
        const hasWords = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
        return hasWords && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1
            && getComputedStyle(each).clipPath === "none"
    }).map((each) => each.outerHTML.slice(0, 160))
    const beside = root.scrollWidth - root.clientWidth
    return beside > 0 ? [`${beside} px beside the screen`, ...found] : found
}"""


@pytest.fixture
def _longer_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def gettext(self: DjangoTranslation, message: str) -> str:
        words = message.rpartition("\4")[2]
        return f"{words}{_more(words)}"

    def ngettext(self: DjangoTranslation, one: str, many: str, number: int) -> str:
        return gettext(self, one if number == 1 else many)

    monkeypatch.setattr(DjangoTranslation, "gettext", gettext)
    monkeypatch.setattr(DjangoTranslation, "ngettext", ngettext)
    cache.clear()  # pieces of pages with the words as they are
    yield
    cache.clear()


def _more(words: str) -> str:
    """Two fifths of a text, in words of at most eight letters; a date's format is no text."""
    length = round(len(words) * 0.4)
    if length < 1 or not any(word.isalpha() and len(word) > 1 for word in words.split()):
        return ""
    return ("ñ" * length) if length < 4 else " " + ("ñöüåéîøç " * length)[: length - 1].strip()


def test_longer_words_find_their_place(
    open_page: Callable[..., Page], shop: Shop, ada: User, bo: User, _longer_words: None
) -> None:
    call_command("seed_shop", verbosity=0)
    for person in (ada, bo):
        User.objects.filter(pk=person.pk).update(email=ADDRESS.format(person.name.lower()), name=WORD)
        person.refresh_from_db()
    things = adas_things.of(ada)
    for text in (VideoText, CollectionText):
        text.objects.filter(language="en", title__startswith="The ").update(title=WORD)
    page = open_page(viewport={"width": 390, "height": 300})
    found: dict[str, list[str]] = {}

    for address in _opened(page, shop, [*SAMPLES, *PUBLIC.values(), *EACH_HIS_OWN]):
        if address == FILM:
            assert "ñöüåé" in page.content()
        found[f"a stranger: {address}"] = _looked_at(page)
    for person, tables in ((bo, (EACH_HIS_OWN, SIGNED_IN)), (ada, (EACH_HIS_OWN, SIGNED_IN, LINK, OWNER))):
        walking.lend_cookies(refusals.browser_of(person).client, page, shop)
        addresses = [filled(each, things) for table in tables for each in table.values()]
        for address in _opened(page, shop, ["videos/noon/", *addresses]):
            found[f"{person}: {address}"] = _looked_at(page)
    for what, body in refusals.of(ada, things.order).items():
        walking.show(page, shop, body)
        found[what] = _looked_at(page)

    assert {where: wrong for where, wrong in found.items() if wrong} == {}
    assert len(found) >= FEWEST_PAGES, sorted(found)


def _looked_at(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 300})
        for script in (_FOUND, thumbs.SMALL_TARGETS):
            found += [f"{width}: {each}" for each in page.evaluate(script)]
    return found


def _opened(page: Page, shop: Shop, addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        if address.startswith("api/") or address.endswith(".pdf"):
            continue
        page.goto(f"{shop.url}/{address}")
        if page.evaluate("document.doctype !== null"):  # no part of a page
            if page.locator("checkout-panel").count():
                page.locator("section.checkout-panel").wait_for()
            yield address
