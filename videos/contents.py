"""What is in a film: its chapters in the reader's language."""

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from videos.models import Video, chapters

# 95, 1:35 or 1:02:03; past the first part nothing above 59.
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,2}):)?([0-5]?\d):)?(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Chapter:
    start_seconds: int
    clock_text: str
    title: str


def chapters_of(video: Video, *, language: str) -> list[Chapter]:
    """This will list the chapters in the page's language, else the shop's, else the first that has any.

    What begins after the film's end, because the film became shorter, is left out.
    """
    by_language: dict[str, list[Chapter]] = {}
    for code, start_seconds, title in chapters.of_video(video):
        if start_seconds < video.duration_seconds:
            chapter = Chapter(start_seconds, clock_text(start_seconds), title)
            by_language.setdefault(code, []).append(chapter)
    wanted = (language[:2], settings.LANGUAGE_CODE, *by_language)
    return next((by_language[code] for code in wanted if code in by_language), [])


def clock_text(seconds: int) -> str:
    """This will write a place in a film as a player does: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def clock_seconds(text: str) -> int | None:
    """This will read a place in a film as a player writes it, or in seconds; None where it is neither."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return None if ":" in text and seconds > 59 else hours * 3600 + minutes * 60 + seconds
