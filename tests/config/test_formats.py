"""Dates and times as the page's language writes them."""

from datetime import datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format, time_format


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ko", "2026년 11월 27일 오후 12:23"),
        ("ja", "2026年11月27日 12:23"),
        ("en", "Nov. 27, 2026, 12:23 p.m."),
    ],
)
def test_an_instant_is_written_as_people_write_it(language: str, written: str) -> None:
    instant = datetime(2026, 11, 27, 12, 23)  # noqa: DTZ001 (it is only written)

    with translation.override(language):
        assert date_format(instant, "DATETIME_FORMAT") == written


def test_a_korean_time_alone_says_the_half_of_the_day_first() -> None:
    with translation.override("ko"):
        assert time_format(datetime(2026, 11, 27, 9, 5).time()) == "오전 9:05"  # noqa: DTZ001
