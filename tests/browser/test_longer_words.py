"""Words that are 40 % longer than the English ones, as other languages' are, on a phone."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils.translation.trans_real import DjangoTranslation
from playwright.sync_api import Page, expect

from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)
FILM = "/videos/noon-everywhere/"
PAGES = [
    *("/", FILM, "/collections/night-ferries/", "/library/", "/orders/", "/account/sign-in/", "/withdraw/"),
    *("/account/devices/", "/certificates/", "/imprint/", "/refund-policy/", "/privacy/", "/nowhere/"),
]
# Words are cut where they are wider than a box that does not show what stands beyond it.
_CUT = """() => [...document.querySelectorAll("body *")].filter((each) => {
    const hasWords = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    const style = getComputedStyle(each)
    return hasWords && each.clientWidth > 1 && style.overflowX !== "visible" && style.clipPath === "none"
        && each.scrollWidth > each.clientWidth + 1
}).map((each) => each.outerHTML.slice(0, 160))"""


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


def test_longer_words_find_their_place_on_a_phone(
    open_page: Callable[..., Page], shop: Shop, _longer_words: None
) -> None:
    call_command("seed_shop", verbosity=0)
    page = open_page(viewport={"width": 390, "height": 844})
    for path in PAGES:
        page.goto(shop.url + path)
        if path == FILM:
            expect(page.get_by_test_id("pay")).to_be_attached()
            assert "ñöüåé" in page.content()

        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert page.evaluate(_CUT) == [], path
