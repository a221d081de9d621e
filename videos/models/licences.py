"""Until when the shop may show a film: said by a take-down, and kept in the film's own row, where each play
and each sale finds it without looking further.
"""

from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MEMBERSHIP: Final = "membership"


class Licence(models.Model):
    """From `sold_until` on nobody gets the film anew, from `watched_until` on nobody watches it.

    None is no end. State follows from the instants by the clock: nothing has to run for them to hold.
    """

    sold_until = models.DateTimeField(_("sold until"), null=True, blank=True, editable=False)
    watched_until = models.DateTimeField(_("watched until"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def may_be_sold(self, *, at: datetime) -> bool:
        return self.sold_until is None or at < self.sold_until

    def may_be_watched(self, *, at: datetime) -> bool:
        """Whether anybody may watch it, who holds a right."""
        return self.watched_until is None or at < self.watched_until


def sold_at(at: datetime, *, of: str = "") -> Q:
    """The condition on a film, or on what leads to one by `of`, that its licence lets the shop sell it."""
    return Q(**{f"{of}sold_until": None}) | Q(**{f"{of}sold_until__gt": at})


def outlasting(sold_until: datetime) -> Q:
    """The condition on a right that it goes on after a film's sale has ended and its owners keep it: what was
    got of the film itself, and of a collection or everything before. A membership shows it to no one anew.
    """
    return Q(video__isnull=False) | (~Q(reason=MEMBERSHIP) & Q(starts_at__lt=sold_until))
