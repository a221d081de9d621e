"""Who loses a film is told by mail: once for each order, before it leaves as long as there is time.

Who was told, and keeps it since that was called off, is told of that too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import translation

from accounts.models import ERASED, Mail
from accounts.sweeping import one_by_one
from billing import order_letters
from billing.leaving import losing
from billing.models import Order
from videos import leaving, money
from videos.models import TakeDown

_LOOKS_BACK: Final = timedelta(days=30)
# Once all were told, who pays later is told too; a payment is seen by others a moment after its instant.
_SEEN_LATE: Final = timedelta(hours=1)


def sweep(*, at: datetime, limit: int = 500) -> int:
    """This will queue the mails that are due and return how many: one for each order, however often it runs.

    `TAKE_DOWN_NOTICE_DAYS` says how long before a film leaves; later where there is less time.
    """
    days = timedelta(days=settings.TAKE_DOWN_NOTICE_DAYS)
    due = TakeDown.objects.standing().filter(
        owners=TakeDown.Owners.LOSE,
        leaves_at__lte=at + days,
        leaves_at__gt=at - _LOOKS_BACK,
    )
    leaving_films = due.select_related("video").order_by("id")
    to_tell: list[Callable[[], int]] = [
        partial(_tell_all, taken, at=at, limit=limit) for taken in leaving_films
    ]
    # Not of a film that leaves after all, by another take-down.
    off = TakeDown.objects.filter(
        owners=TakeDown.Owners.LOSE, called_off_at__gt=at - _LOOKS_BACK, video__watched_until=None
    ).select_related("video")
    newest_first = list(off.order_by("-id"))
    for number, taken in enumerate(newest_first):
        newer = [each for each in newest_first[:number] if each.video_id == taken.video_id]
        to_tell.append(partial(_tell_it_stays, taken, newer, limit=limit))
    return one_by_one(to_tell, lambda tell: tell())


def _tell_all(taken: TakeDown, *, at: datetime, limit: int) -> int:
    left = losing.untold(taken).exclude(email__endswith=f"@{ERASED}")
    left = left.filter(~_has_mail(taken, "film-leaves"))
    if taken.told_at is not None:
        left = left.filter(paid_at__gte=taken.told_at - _SEEN_LATE)
    keys = list(left.order_by("id").values_list("pk", flat=True)[:limit])
    if not keys:
        TakeDown.objects.filter(pk=taken.pk, told_at=None).update(told_at=at)
        return 0
    owed = set(losing.owed(taken).filter(pk__in=keys).values_list("pk", flat=True))
    return one_by_one(keys, lambda key: _tell(taken, key, is_owed=key in owed, at=at))


@transaction.atomic
def _tell(taken: TakeDown, key: int, *, is_owed: bool, at: datetime) -> int:
    order = _as_it_is(key)
    with translation.override(order.language):
        context = order_letters.facts(order) | {
            "title": taken.video.title,
            "until": leaving.moment_text(taken.leaves_at, order.time_zone),
            "has_left": at >= taken.leaves_at,
            "cause": taken.cause,
            "amount_text": money.format_amount(order.left_minor, order.currency) if is_owed else "",
            "is_part": order.offer.collection_id is not None,
            "support_email": settings.SUPPORT_EMAIL,
        }
    order_letters.put(order, "film-leaves", occasion=_occasion(taken, "film-leaves"), context=context)
    return 1


def _tell_it_stays(taken: TakeDown, newer: list[TakeDown], *, limit: int) -> int:
    """Once, where `newer` ones of the same film were called off too."""
    told = losing.losing(taken).exclude(email__endswith=f"@{ERASED}")
    told = told.filter(_has_mail(taken, "film-leaves"))
    for each in (taken, *newer):
        told = told.filter(~_has_mail(each, "film-stays"))
    keys = list(told.order_by("id").values_list("pk", flat=True)[:limit])
    return one_by_one(keys, lambda key: _tell_one_that_it_stays(taken, key))


@transaction.atomic
def _tell_one_that_it_stays(taken: TakeDown, key: int) -> int:
    order = _as_it_is(key)
    with translation.override(order.language):
        context = order_letters.facts(order) | {"title": taken.video.title}
    order_letters.put(order, "film-stays", occasion=_occasion(taken, "film-stays"), context=context)
    return 1


def _as_it_is(key: int) -> Order:
    """The order under its lock: nothing goes to an address that was erased, or put right, in this moment."""
    orders = Order.objects.select_related("offer__video", "offer__collection")
    return orders.select_for_update(of=("self",)).get(pk=key)


def _has_mail(taken: TakeDown, template: str) -> Exists:
    cause = Concat(Value(f"{_occasion(taken, template)}:"), OuterRef("reference"))
    return Exists(Mail.objects.filter(cause=cause))


def _occasion(taken: TakeDown, template: str) -> str:
    return f"{template}:{taken.pk}"
