"""What happened to one viewing, line by line: each question of its player, each refusal, each error shown.

Kept in the session's own row, so that a callback writes nothing more than it wrote anyway.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Happened(models.TextChoices):
    """The first word of a line."""

    ASKED = "asked", _("The player asked for permission")
    READY = "ready", _("The player is ready, and the film begins")
    RIGHT_ENDED = "right_ended", _("Refused: the right has ended")
    FILM_LEFT = "film_left", _("Refused: the film has left the shop")
    SESSION_ENDED = "session_ended", _("Refused: the viewing was ended")
    LINK_EXPIRED = "link_expired", _("Refused: the link has expired")
    OTHER_PLAYER = "other_player", _("Refused: another player had this link first")
    ELSEWHERE = "elsewhere", _("Refused: plays elsewhere already")
    NOT_BELIEVED = "not_believed", _("A report told of more film than time: not believed")
    COPY_ASKED = "copy_asked", _("The player asked to keep the film")
    COPIED = "copied", _("The film lies on the device")
    COPY_PLAYED = "copy_played", _("The player was let play its copy")
    COPY_RENEWED = "copy_renewed", _("The copy was renewed")
    NOT_KEPT = "not_kept", _("Refused: the film may not be kept")
    DEVICES_FULL = "devices_full", _("Refused: films are kept on as many other devices as may be")
    TAKEN_BACK = "taken_back", _("Refused: the copy was taken back")
    NO_COPY = "no_copy", _("Refused: nobody had allowed this copy")
    ERROR = "error", _("The player showed an error")


# What is neither a refusal nor an error, and what of it says that the film may be watched.
PLAIN: Final = (Happened.ASKED, Happened.COPY_ASKED)
GOOD: Final = (Happened.READY, Happened.COPIED, Happened.COPY_PLAYED, Happened.COPY_RENEWED)
MOST_LETTERS: Final = 4000
# The newest lines stay. Written so that both of our databases read it.
APPENDED: Final = f"""substr(happened || %(line)s,
        CASE WHEN length(happened || %(line)s) > {MOST_LETTERS}
        THEN length(happened || %(line)s) - {MOST_LETTERS - 1} ELSE 1 END)"""


@dataclass(frozen=True)
class Line:
    at: datetime
    what: Happened
    detail: str


def line(what: Happened, detail: str = "", *, at: datetime) -> str:
    """This will write one line; of the detail no more than a player's code needs."""
    return f"{int(at.timestamp())} {what} {' '.join(detail.split())[:40]}\n"


def read(text: str) -> list[Line]:
    """This will read the lines, the earliest first. One that was cut off is left out."""
    found = []
    for each in text.splitlines():
        seconds, _space, rest = each.partition(" ")
        what, _space, detail = rest.partition(" ")
        if seconds.isdigit() and what in Happened.values:
            found.append(Line(datetime.fromtimestamp(int(seconds), tz=UTC), Happened(what), detail))
    return found


def last(text: str) -> Happened | None:
    """This will tell what happened last."""
    lines = read(text[text.rstrip("\n").rfind("\n") + 1 :])
    return lines[0].what if lines else None
