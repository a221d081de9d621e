"""`manage.py import_videos`: all of a file or nothing, and each wrong line is named."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from tests import factories, promises
from videos.models import KollusFilm, Offer, Price, Video

pytestmark = pytest.mark.django_db

HEAD = (
    "slug,title_en,title_ko,description_en,protection,upload_file_key,media_content_key,duration_seconds,"
    "poster,audio_languages,released_year,own_usd,own_krw,rent_krw,rent_days,rent_hours,publish\n"
)
NOON = (
    'noon,Noon,정오,"Light,\nall day.",multi_drm,20260101-noon0001,Ab3dEf7h,5400,'
    "noon.svg,en ko,2026,790,9900,4900,30,48,yes\n"
)
DUSK = "dusk,Dusk,,,,,,,,,,,,,,,\n"


@pytest.fixture(autouse=True)
def _a_shop_that_cannot_ask(settings: Settings) -> None:
    settings.KOLLUS_API_TOKEN = ""


def _file(folder: Path, *lines: str, head: str = HEAD) -> Path:
    (folder / "noon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    path = folder / "films.csv"
    path.write_text(head + "".join(lines), "utf-8-sig")
    return path


def _import(path: Path) -> str:
    out = io.StringIO()
    call_command("import_videos", path, stdout=out)
    return out.getvalue().strip()


def test_a_file_becomes_films_on_sale(tmp_path: Path) -> None:
    assert _import(_file(tmp_path, NOON, DUSK)) == "2 new, 0 changed, 0 the same."

    noon = Video.objects.get(slug="noon")
    assert (noon.media_content_key, noon.duration_seconds, noon.released_year) == ("Ab3dEf7h", 5400, 2026)
    assert noon.audio_languages == ["en", "ko"]
    assert noon.texts.get(language="ko").title == "정오"
    assert noon.texts.get(language="en").description == "Light,\nall day."
    assert default_storage.exists(str(noon.poster))
    assert {price.text for price in Price.objects.all()} == {"$7.90", "₩9,900", "₩4,900"}
    assert noon.is_published
    assert not Video.objects.get(slug="dusk").is_published


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, NOON, DUSK)
    _import(path)
    before = promises.everything()

    assert _import(path) == "0 new, 0 changed, 2 the same."

    promises.unchanged(before)


def test_a_changed_line_changes_its_film_alone(tmp_path: Path) -> None:
    _import(_file(tmp_path, NOON, DUSK))

    told = _import(_file(tmp_path, NOON.replace(",790,", ",890,"), DUSK))

    assert told == "0 new, 1 changed, 1 the same."
    assert {price.text for price in Price.objects.filter(retired_at=None)} == {"$8.90", "₩9,900", "₩4,900"}
    assert Offer.objects.count() == 2


def test_what_kollus_told_since_is_not_undone(tmp_path: Path) -> None:
    path = _file(tmp_path, NOON)
    _import(path)
    Video.objects.update(media_content_key="newer", duration_seconds=5401)

    assert _import(path) == "0 new, 0 changed, 1 the same."

    assert Video.objects.get().media_content_key == "newer"


WRONG = {
    "no address": (",Dusk" + "," * 15, "the address (slug) is missing"),
    "twice": ("noon" + "," * 16, "the address noon stands in line 2 already"),
    "a bad address": ("no on" + "," * 16, "slug: Enter a valid"),
    "another's key": ("dusk,Dusk,,,,,Ab3dEf7h" + "," * 10, "Another video has this media content key"),
    "a kind unknown": ("dusk,Dusk,,,strong" + "," * 12, "protection: Value 'strong' is not a valid choice"),
    "no number": ("dusk,Dusk,,,,,,1:30" + "," * 9, "duration_seconds must be a whole number, not 1:30"),
    "no poster": ("dusk,Dusk,,,,,,,dusk.png" + "," * 8, "the poster dusk.png is not there"),
    "no picture": ("dusk,Dusk,,,,,,,films.csv" + "," * 8, "is no picture that browsers show"),
    "no language": ("dusk,Dusk,,,,,,,,xx" + "," * 7, "there is no language xx"),
    "no money": ("dusk,Dusk,,,,,,,,,,7.90" + "," * 5, "own_usd must be a whole number, not 7.90"),
    "nothing": ("dusk,Dusk,,,,,,,,,,0" + "," * 5, "own_usd: The amount must be above zero"),
    "no hours": ("dusk,Dusk,,,,,,,,,,,,490,30,,", "needs rent_days and rent_hours"),
    "maybe": ("dusk,Dusk,,,,,,,,,,,,,,,maybe", "publish must be yes, no or empty, not maybe"),
    "too many cells": ("dusk,Dusk" + "," * 20, "more or fewer cells"),
    "no title": ("dusk,,,Only words." + "," * 13, "title: This field cannot be blank"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_line_is_named_and_nothing_is_imported(tmp_path: Path, wrong: str) -> None:
    line, words = WRONG[wrong]

    with pytest.raises(CommandError) as refused:
        _import(_file(tmp_path, NOON, line + "\n", "dawn" + "," * 16 + "\n"))

    assert "line 4: " in str(refused.value)
    assert words in str(refused.value)
    assert not Video.objects.exists()
    assert not Price.objects.exists()


def test_all_wrong_lines_are_named_at_once(tmp_path: Path) -> None:
    lines = [f"{slug}{',' * 7}soon{',' * 9}\n" for slug in ("one", "two")]

    with pytest.raises(CommandError) as refused:
        _import(_file(tmp_path, *lines))

    assert str(refused.value).count("duration_seconds must be a whole number") == 2


@pytest.mark.parametrize(
    "head, words",
    [("slug,price\n", "there is no column price"), ("title_en\n", "the column slug is missing")],
)
def test_a_file_with_other_columns_is_refused(tmp_path: Path, head: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        _import(_file(tmp_path, head=head))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        _import(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes(b"slug\n\xff\n")
    with pytest.raises(CommandError, match="cannot be read"):
        _import(tmp_path / "latin.csv")


def test_what_is_not_ready_is_imported_and_stays_out_of_the_shop(tmp_path: Path, settings: Settings) -> None:
    settings.KOLLUS_API_TOKEN = "a-token"
    path = _file(tmp_path, NOON)

    with pytest.raises(CommandError, match="line 2: noon: Kollus has not been asked about this film"):
        _import(path)
    noon = Video.objects.get()
    assert not noon.is_published
    facts = {"is_there": True, "is_transcoded": True, "is_in_channel": True}
    KollusFilm.objects.create(video=noon, looked_at=timezone.now(), **facts)

    _import(path)

    assert Video.objects.get().is_published


def test_the_terms_of_a_rental_on_sale_stay_as_buyers_saw_them(tmp_path: Path) -> None:
    _import(_file(tmp_path, NOON))

    with pytest.raises(CommandError, match="line 2: its rental has other days or hours on sale"):
        _import(_file(tmp_path, NOON.replace(",30,48,", ",30,72,")))


def test_a_film_is_taken_out_of_the_shop(tmp_path: Path) -> None:
    factories.video("dusk")

    _import(_file(tmp_path, DUSK.replace(",\n", ",no\n")))

    assert not Video.objects.get().is_published


DIVIDED = "slug,duration_seconds,chapters_en,chapters_ko,trailer_key,preview_seconds\n"


def test_chapters_and_previews_come_with_it(tmp_path: Path) -> None:
    line = 'noon,5400,"0:00 Noon\n1:02:03 The bell",0 정오 | 12:34 종소리,Tr4iler8,60\n'

    assert _import(_file(tmp_path, line, head=DIVIDED)) == "1 new, 0 changed, 0 the same."
    assert _import(_file(tmp_path, line, head=DIVIDED)) == "0 new, 0 changed, 1 the same."

    noon = Video.objects.get(slug="noon")
    told = [*noon.chapters.order_by("language", "start_seconds").values_list("start_seconds", "title")]
    assert told == [(0, "Noon"), (3723, "The bell"), (0, "정오"), (754, "종소리")]
    assert (noon.trailer_key, noon.preview_seconds) == ("Tr4iler8", 60)
    fewer = "noon,,9 The bell,,,\n"
    assert _import(_file(tmp_path, fewer, head=DIVIDED)) == "0 new, 1 changed, 0 the same."
    left = noon.chapters.order_by("language").values_list("language", "start_seconds")
    assert [*left] == [("en", 9), ("ko", 0), ("ko", 754)], "what the line leaves empty stays"


@pytest.mark.parametrize(
    "cell, words",
    [
        ("Noon", "a chapter is its time and its title, not Noon"),
        ("0:00", "a chapter is its time and its title, not 0:00"),
        ("1:75 Noon", "a chapter is its time and its title"),
        ("0:05 Noon | 5 Bell", "two chapters begin at 5"),
        ("1:30:00 Late", "The film is over by then."),
    ],
)
def test_a_chapter_that_cannot_be_is_named(tmp_path: Path, cell: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        _import(_file(tmp_path, f"noon,5400,{cell},,,\n", head=DIVIDED))

    assert not Video.objects.exists()
