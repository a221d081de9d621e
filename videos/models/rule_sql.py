"""A rule that a film has or, where it leaves that open, its channel: read along with the film."""

from typing import Final

from django.conf import settings
from django.db.models.expressions import RawSQL

# As `opening_sql` says of what a link is made of.
WANTED_OUTPUT: Final = """COALESCE(NULLIF(videos_video.output_protection, ''), (
    SELECT NULLIF(channel.output_protection, '') FROM videos_channel channel
    WHERE channel.id = COALESCE(videos_video.channel_id, (SELECT id FROM videos_channel WHERE key = %s))
), 'none')"""


def wanted_output() -> RawSQL:
    """This will have a query over films say what a display must be able to do: none, hdcp1 or hdcp2."""
    return RawSQL(WANTED_OUTPUT, [settings.KOLLUS_CHANNEL_KEY])  # noqa: S611 (all of it is ours)
