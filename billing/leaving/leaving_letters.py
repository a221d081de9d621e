"""Who loses a film is told by mail: once for each order, before it leaves as long as there is time.

Who was told, and keeps it since that was called off, is told of that too.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.utils import translation

from accounts.models import ERASED, Mail
from billing import order_letters
from billing.leaving import losing
from billing.models import Order
from videos import leaving, money
from videos.models import TakeDown

_LOOKS_BACK: Final = timedelta(days=30)


def sweep(*, at: datetime, limit: int = 500) -> int:
    """This will queue the mails that are due and return how many: one for each order, however often it runs.

    `TAKE_DOWN_NOTICE_DAYS` says how long before a film leaves; later where there is less time.
    """
    days = timedelta(days=settings.TAKE_DOWN_NOTICE_DAYS)
    due = TakeDown.objects.standing().filter(
        owners=TakeDown.Owners.LOSE,
        told_at=None,
        leaves_at__lte=at + days,
        leaves_at__gt=at - _LOOKS_BACK,
    )
    told = sum(_tell_all(taken, at=at, limit=limit) for taken in due.select_related("video").order_by("id"))
    # Not of a film that leaves after all, by another take-down.
    off = TakeDown.objects.filter(
        owners=TakeDown.Owners.LOSE, called_off_at__gt=at - _LOOKS_BACK, video__watched_until=None
    ).select_related("video")
    return told + sum(_tell_it_stays(taken, limit=limit) for taken in off.order_by("id"))


def _tell_all(taken: TakeDown, *, at: datetime, limit: int) -> int:
    left = losing.untold(taken).exclude(email__endswith=f"@{ERASED}")
    left = left.filter(~_has_mail(taken, "film-leaves"))
    rows = list(left.select_related("offer__video", "offer__collection").order_by("id")[:limit])
    if not rows:
        TakeDown.objects.filter(pk=taken.pk, told_at=None).update(told_at=at)
        return 0
    owed = set(losing.owed(taken).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for order in rows:
        _tell(taken, order, is_owed=order.pk in owed, at=at)
    return len(rows)


@transaction.atomic
def _tell(taken: TakeDown, order: Order, *, is_owed: bool, at: datetime) -> None:
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


def _tell_it_stays(taken: TakeDown, *, limit: int) -> int:
    told = losing.losing(taken).exclude(email__endswith=f"@{ERASED}")
    told = told.filter(_has_mail(taken, "film-leaves"), ~_has_mail(taken, "film-stays"))
    rows = list(told.select_related("offer__video", "offer__collection").order_by("id")[:limit])
    for order in rows:
        with translation.override(order.language):
            context = order_letters.facts(order) | {"title": taken.video.title}
        order_letters.put(order, "film-stays", occasion=_occasion(taken, "film-stays"), context=context)
    return len(rows)


def _has_mail(taken: TakeDown, template: str) -> Exists:
    cause = Concat(Value(f"{_occasion(taken, template)}:"), OuterRef("reference"))
    return Exists(Mail.objects.filter(cause=cause))


def _occasion(taken: TakeDown, template: str) -> str:
    return f"{template}:{taken.pk}"
