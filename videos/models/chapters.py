"""The chapters of a film: where each begins, and what it is called."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from videos.models import languages, statements
from videos.models.catalogue import Video

# Each visit of a film's page waits on it: compiled by the ORM each time it would cost several times as much.
_OF_VIDEO: Final = """
    SELECT language, start_seconds, title FROM videos_chapter WHERE video_id = %s ORDER BY start_seconds
"""


class Chapter(models.Model):
    """A chapter's beginning and its title in one language."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="chapters")
    language = models.CharField(_("language"), max_length=10, choices=languages.choices)
    start_seconds = models.PositiveIntegerField(_("begins at"))
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            models.UniqueConstraint(
                fields=["video", "language", "start_seconds"], name="one_chapter_per_language_start"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        length = self.video.duration_seconds
        if length and self.start_seconds is not None and self.start_seconds >= length:
            raise ValidationError({"start_seconds": _("The film is over by then.")})


def of_video(video: Video) -> list[tuple[str, int, str]]:
    """This will fetch a film's chapters in all languages, by their beginning: language, second, title."""
    return statements.rows(_OF_VIDEO, [video.pk])
