"""The film at an address, with its texts, in one statement that is written out: each visit of its page begins
with it, and compiled by the ORM it would cost more than all the rest that is read for the page.

It reads in both of our databases. A test holds it to what the ORM says.
"""

from typing import Final

from django.conf import settings

from videos.models import statements
from videos.models.catalogue import Video, VideoText
from videos.models.rule_sql import WANTED_OUTPUT
from videos.models.whole_rows import WholeRows

_FILMS: Final = WholeRows(Video)
_TEXTS: Final = WholeRows(VideoText)
_FILM_AT: Final = f"""
    SELECT {WANTED_OUTPUT}, {_FILMS.columns}, {_TEXTS.columns}
    FROM videos_video LEFT JOIN videos_videotext ON videos_videotext.video_id = videos_video.id
    WHERE videos_video.slug = %s
"""  # noqa: S608 (all of it is ours)


def find_film(slug: str) -> Video | None:
    """This will find a video with its texts and its `wanted_output`, published or not; None where there is
    none.
    """
    rows = statements.rows(_FILM_AT, [settings.KOLLUS_CHANNEL_KEY, slug])
    if not rows:
        return None
    wanted_output, *values = rows[0]
    film = _FILMS.read(values[: _FILMS.width])
    film.wanted_output = wanted_output
    texts = (row[1 + _FILMS.width :] for row in rows)
    film.keep_texts([_TEXTS.read(text) for text in texts if text[0] is not None])
    return film
