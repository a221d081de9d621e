"""What only Kollus' console can set is ticked by whoever has seen to it there, with his name and the time."""

from datetime import datetime

from accounts.models import User
from videos.models import Channel, ConsoleCheck


def tick(channel: Channel, item: str, *, by: User, at: datetime) -> bool:
    """This will note that somebody has seen to it, and return whether this call did. The first one stays."""
    row = {"checked_by": by, "checked_at": at}
    return ConsoleCheck.objects.get_or_create(channel=channel, item=item, defaults=row)[1]


def take_back(channel: Channel, item: str) -> bool:
    """This will forget that it was seen to, and return whether this call did."""
    return bool(ConsoleCheck.objects.filter(channel=channel, item=item).delete()[0])
