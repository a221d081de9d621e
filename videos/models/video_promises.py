"""What the database promises of each video; code may only be friendlier."""

from typing import Final

from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

CONSTRAINTS: Final[list[BaseConstraint]] = [
    UniqueConstraint(
        fields=["media_content_key"],
        condition=~Q(media_content_key=""),
        name="one_video_per_media_content_key",
        violation_error_message=_("Another video has this media content key."),
    ),
    CheckConstraint(
        condition=Q(is_published=False) | (~Q(media_content_key="") & Q(duration_seconds__gt=0)),
        name="published_video_can_play",
        violation_error_message=_("A video in the shop has a film: its key and its length."),
    ),
    CheckConstraint(
        condition=Q(is_published=False) | Q(off_sale_because=""), name="video_off_sale_is_not_in_shop"
    ),
    CheckConstraint(
        condition=Q(watched_until=None) | Q(sold_until__isnull=False, watched_until=F("sold_until")),
        name="film_is_watched_no_longer_than_sold",
    ),
    CheckConstraint(
        condition=Q(longest_viewing_minutes=None) | Q(longest_viewing_minutes__gt=0),
        name="video_lets_play",
        violation_error_message=_("A viewing lasts a minute at least."),
    ),
    CheckConstraint(
        condition=Q(plays_from_seconds=None, plays_until_seconds=None)
        | Q(
            plays_from_seconds__isnull=False,
            plays_until_seconds__isnull=False,
            plays_until_seconds__gt=F("plays_from_seconds"),
        ),
        name="played_part_has_an_end",
        violation_error_message=_("The part that can be played ends after it begins."),
    ),
    CheckConstraint(
        condition=Q(trailer_key="") | ~Q(trailer_key=F("media_content_key")),
        name="trailer_is_not_the_film",
        violation_error_message=_("The trailer's key is a film's: everybody could watch all of it."),
    ),
]
