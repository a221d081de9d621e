"""What holds for every page: the language, the few sheets, nothing inline."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.template.loader import get_template
from django.test import Client
from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db
# Each the whole script of its page.
_NEVER_IMPORTED = {
    "kept-film",
    "card-form",
    "challenge-return",
    "film-file",
    "office-names",
    "plan-change",
    "refund-request",
    "passkey-form",
    "zoned-form",
}
_WHEN_WANTED = {
    "proof-of-work",  # while it is hot
    # once a film plays
    *("film-playing", "kollus-controller", "player-bar", "player-keys", "player-messages", "player-screen"),
    *("caption-choice", "speed-choice", "chapter-list", "stream-lease", "kollus-app", "following-film"),
    "viewing",
}
PAGES = [
    "/",
    "/videos/noon-everywhere/",
    "/collections/night-ferries/",
    "/checkout/videos/noon-everywhere/",
    "/library/",
    "/orders/",
    "/account/sign-in/",
    "/account/devices/",
    "/withdraw/",
    "/nothing-here/",
]


@pytest.fixture(scope="module", autouse=True)
def _sample_shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Filled once for all tests here, each of which leaves it as it found it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_shop", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/ko", "/ja"])
def test_a_page_says_its_language_and_offers_the_others(client: Client, prefix: str, path: str) -> None:
    page = _read(client, f"{prefix}{path}?coupon=NOON&currency=krw")

    here = prefix.removeprefix("/") or "en"
    assert f'<html lang="{here}">' in page
    if path != "/nothing-here/":
        kept = "?coupon=NOON&amp;currency=krw"
        others = {"en": path + kept, "ko": f"/ko{path}{kept}", "ja": f"/ja{path}{kept}"}
        del others[here]
        assert all(f'<a href="{other}" lang="{there}"' in page for there, other in others.items())


@pytest.mark.parametrize("path", ["/", "/videos/noon-everywhere/", "/collections/night-ferries/"])
@pytest.mark.parametrize("prefix", ["", "/ko", "/ja"])
def test_a_public_page_names_itself_in_each_language(client: Client, prefix: str, path: str) -> None:
    page = _read(client, f"{prefix}{path}?currency=krw")

    named = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page)
    site = settings.SITE_URL
    others = [(code, f"{site}/{code}{path}") for code in ("ko", "ja")]
    assert named == [("en", site + path), ("x-default", site + path), *others]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_links_no_more_sheets_than_a_browser_fetches_at_once(client: Client, path: str) -> None:
    assert 2 < _read(client, path).count('rel="stylesheet"') <= 6


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_but_the_import_map(client: Client, path: str) -> None:
    page = _read(client, path)

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    allowed = ("src=", 'type="importmap" nonce="', 'type="application/ld+json"')  # the last one is not run
    assert all(any(each in script for each in allowed) for script in scripts)


def test_the_player_s_sentences_come_on_their_own_and_are_the_same_for_everybody(client: Client) -> None:
    assert "Turn on hardware acceleration" not in _read(client, "/videos/noon-everywhere/")

    answer = client.get("/player-messages/")

    assert "Turn on hardware acceleration" in answer.text
    assert answer["Cache-Control"] == "max-age=3600, public"
    assert "Cookie" not in answer["Vary"]
    assert not answer.cookies


def test_every_module_is_in_the_import_map_and_comes_in_the_first_wave(client: Client) -> None:
    page = _read(client, "/videos/noon-everywhere/")
    wave = re.findall(r'(?:href|src)="[^"]*/js/([a-z-]+)[^"/]*\.js"', page)

    modules = {path.stem for path in (settings.BASE_DIR / "static" / "js").glob("*.js")}
    assert set(re.findall(r'"([a-z-]+)": "/static/', page)) == modules - _NEVER_IMPORTED
    assert sorted(wave) == sorted(modules - _NEVER_IMPORTED - _WHEN_WANTED)


def test_what_plays_is_named_where_it_is_fetched(client: Client) -> None:
    """All of it at once: a module that another one asks for would come a wave later."""
    shell = (settings.BASE_DIR / "static" / "js" / "video-player.js").read_text()

    named = re.findall(r'"([a-z-]+)"', " ".join(re.findall(r"PARTS = \[.*\]", shell)))
    assert set(named) == _WHEN_WANTED - {"proof-of-work", "kollus-app"}


def test_the_buttons_under_a_film_come_on_their_own_and_are_the_same_for_everybody(client: Client) -> None:
    answer = client.get("/player-parts/")

    assert "captions off or on" in answer.text
    assert answer["Cache-Control"] == "max-age=3600, public"
    assert "Cookie" not in answer["Vary"]
    assert not answer.cookies
    assert "자막 끄기·켜기" in client.get("/ko/player-parts/").text


def test_the_page_of_our_fault_needs_nothing_that_may_be_broken(client: Client) -> None:
    page = get_template("500.html").render()

    assert "you are never charged twice" in page
    assert "<script" not in page


def _read(client: Client, path: str) -> str:
    return client.get(path).content.decode()
