"""Chapters stand beside the film in the reader's language; the office types them as a clock shows them."""

import pytest
from django.test import Client

from accounts.models import User
from tests import office
from tests.attacks import Visitor
from videos import contents
from videos.admin.chapters import ClockField
from videos.models import Chapter, Video

pytestmark = pytest.mark.django_db


def add(film: Video, language: str, *chapters: tuple[int, str]) -> None:
    for start_seconds, title in chapters:
        Chapter.objects.create(video=film, language=language, start_seconds=start_seconds, title=title)


def titles(film: Video, language: str) -> list[str]:
    return [chapter.title for chapter in contents.chapters_of(film, language=language)]


def test_they_are_read_in_the_page_s_language_in_their_order(film: Video) -> None:
    add(film, "en", (12, "The bell"), (0, "Noon"))
    add(film, "ko", (0, "정오"))

    assert titles(film, "en") == ["Noon", "The bell"]
    assert titles(film, "ko-kr") == ["정오"]


def test_another_language_s_stand_in(film: Video) -> None:
    add(film, "ko", (0, "정오"))
    assert titles(film, "en") == ["정오"]

    add(film, "en", (0, "Noon"))
    assert titles(film, "ja") == ["Noon"]


def test_what_begins_after_the_end_is_left_out(film: Video) -> None:
    add(film, "en", (0, "Noon"), (23, "Last"), (24, "Never"))

    assert titles(film, "en") == ["Noon", "Last"]


def test_who_may_watch_can_press_them_and_others_read_them(film: Video, adas: Visitor) -> None:
    add(film, "en", (12, "The <bell>"))

    page, hers = Client().get("/videos/noon/").content.decode(), adas.get("/videos/noon/").content.decode()

    assert '<span class="chapter" data-from="12">' in page
    assert '<button class="chapter" type="button" data-from="12">' in hers
    assert "The &lt;bell&gt;" in page and "0:12" in page
    assert 'class="chapters"' not in Client().get("/videos/dusk/").content.decode()


@pytest.mark.parametrize(
    ("typed", "seconds"), [("95", 95), ("1:35", 95), ("62:03", None), ("1:02:03", 3723), ("0:07", 7)]
)
def test_a_time_is_typed_as_a_clock_shows_it(typed: str, seconds: int | None) -> None:
    field = ClockField()
    if seconds is None:
        with pytest.raises(Exception, match="1:02:03"):
            field.clean(typed)
    else:
        assert field.clean(typed) == seconds
        assert contents.clock_text(seconds) in (typed, field.prepare_value(seconds))


@pytest.mark.parametrize("typed", ["", "noon", "1:75", "-1", "1:2:3:4", "99:99"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Exception, match=r"1:02:03|required"):
        ClockField().clean(typed)


def test_the_office_adds_one_and_is_told_what_is_wrong(film: Video, cho: User) -> None:
    browser = office.signed_in(cho)

    office.change(browser, film, **_row(0, "0:12", "The bell"))
    assert titles(film, "en") == ["The bell"]

    assert "The film is over by then." in office.change(browser, film, **_row(1, "0:24", "Too late"))
    page = office.change(browser, film, **_row(1, "12", "Again"))
    assert "Two chapters of one language begin at the same time." in page
    assert titles(film, "en") == ["The bell"]


def _row(number: int, start: str, title: str) -> dict[str, str]:
    row = {"language": "en", "start_seconds": start, "title": title}
    return {f"chapters-{number}-{name}": value for name, value in row.items()} | {
        "chapters-TOTAL_FORMS": f"{number + 1}"
    }
