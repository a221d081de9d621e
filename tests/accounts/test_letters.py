"""Each mail has one source for both its forms, and can be looked at before anybody gets it."""

import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts import letter_samples, letters
from accounts.letter_samples import Sample
from accounts.models import Mail, User
from tests import full_letters, office
from tests.sandbox_client import World

FOLDER = settings.BASE_DIR / "templates" / "emails"
HANGUL, KANA = re.compile("[가-힣]"), re.compile("[ぁ-んァ-ヶ]")
TOLD = dict.fromkeys(("title", "until", "watch_url", "order_url", "reference"), "said")
samples = pytest.mark.parametrize("sample", letter_samples.every(), ids=lambda sample: sample.name)


def test_every_mail_has_a_preview() -> None:
    mails = {path.stem for path in FOLDER.iterdir() if not path.name.startswith("_")}

    assert {sample.template for sample in letter_samples.every()} == mails


@samples
@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_the_plain_text_says_what_the_page_says(sample: Sample, language: str) -> None:
    letter = sample.write(language)

    body = letter.html[letter.html.index("<body") :]
    words = [" ".join(unescape(each).split()) for each in re.findall(r">([^<>]+)<", body)]
    said = " ".join(letter.text.split())
    assert letter.subject
    assert all(word in said for word in words), [word for word in words if word not in said]
    assert all(unescape(link) in letter.text for link in re.findall(r'href="([^"]+)"', body))
    assert f'lang="{language}"' in letter.html
    assert bool(HANGUL.search(letter.subject + letter.text)) == (language == "ko")
    assert bool(KANA.search(letter.subject)) == (language == "ja")


@samples
def test_a_mail_has_colours_for_the_dark_and_for_clients_without(sample: Sample) -> None:
    html = sample.write("en").html

    assert "@media (prefers-color-scheme: dark)" in html
    assert 'name="color-scheme" content="light dark"' in html
    painted = re.findall(r"<(?:a|p|td|table|div)\b[^>]*(?:(?<!-)color|background|border-top):[^>]*>", html)
    assert all("class=" in tag for tag in painted), "a colour that the dark does not know of"


def test_what_a_buyer_wrote_stays_words(tmp_path: Path) -> None:
    context = {
        "email": "ada@example.com",
        "words": 'one\n<a href="http://evil">two</a>\n\nthree',
        "title": "T",
    }

    letter = letters.write("refund-request", language="en", context=context)

    assert 'one\n<a href="http://evil">two</a>\n\nthree\n' in letter.text
    assert 'href="http://evil"' not in letter.html


def test_the_command_writes_all_into_a_folder(tmp_path: Path) -> None:
    call_command("mail_preview", to_folder=tmp_path / "mails", stdout=StringIO())

    written = {path.name for path in (tmp_path / "mails").iterdir()}
    assert {"index.html", "receipt.own.ko.html", "receipt.own.en.txt", "sign-in.ko.txt"} <= written
    assert len(written) == 1 + 2 * len(settings.LANGUAGES) * len(letter_samples.every())
    assert 'href="receipt.own.ko.html"' in (tmp_path / "mails" / "index.html").read_text()


def test_the_command_prints_all_or_mails_them(world: World) -> None:
    printed = StringIO()
    call_command("mail_preview", stdout=printed)
    call_command("mail_preview", send_to="preview@example.com", stdout=StringIO())

    assert "== receipt.own (ko): " in printed.getvalue()
    sent = world.sandbox.mail("preview@example.com")
    assert len(sent) == len(settings.LANGUAGES) * len(letter_samples.every())
    for mail in sent:
        assert mail["subject"].strip(), mail
        assert re.search(r'<html lang="(en|ko|ja)"', mail["html"]), mail["subject"]
        said = " ".join([mail["subject"], mail["text"], mail["html"]])
        assert not re.search(r"{{|{%|%\(|\bNone\b", said), mail["subject"]
    assert {bool(HANGUL.search(mail["subject"])) for mail in sent} == {True, False}


def test_a_mail_that_was_told_too_little_is_noticed() -> None:
    """By whatever test has its verb put it; what is asked for in a condition may be missing."""
    assert "said" in full_letters.write("rental-ends", TOLD)

    for name in TOLD:
        with pytest.raises(LookupError, match=name):
            full_letters.write("rental-ends", {each: TOLD[each] for each in TOLD if each != name})


@pytest.mark.django_db
def test_the_office_shows_each_light_and_dark_and_as_text(cho: User) -> None:
    browser = office.signed_in(cho)

    kinds = browser.get(office.page(Mail) + "kinds/").content.decode()
    kind = browser.get(office.page(Mail) + "kinds/receipt.own/ko/")
    light, dark = (
        browser.get(office.page(Mail) + f"kinds/receipt.own/ko/{look}/") for look in ("light", "dark")
    )

    assert "/admin/accounts/mail/kinds/sign-in/ko/" in kinds
    assert "어디나 정오" in kind.content.decode()
    assert "frame-src 'self'" in kind.headers["Content-Security-Policy"]
    assert "@media not all" in light.content.decode()
    assert "@media all" in dark.content.decode()
    for page in (light, dark):
        assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert page.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["kinds/nothing/ko/", "kinds/receipt.own/fr/", "kinds/receipt.own/ko/red/"])
def test_what_is_no_mail_of_ours_is_not_there(cho: User, path: str) -> None:
    assert office.signed_in(cho).get(office.page(Mail) + path).status_code == 404


@pytest.mark.django_db
def test_who_may_not_see_mails_sees_no_preview(cho: User) -> None:
    cho.is_superuser = False
    cho.save()

    assert office.signed_in(cho).get(office.page(Mail) + "kinds/").status_code == 403
