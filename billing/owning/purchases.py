"""What somebody bought, newest first: by his account, or by the passes of his browser."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.identity import Viewer
from billing.models import Order
from billing.models.orders import OrderQuerySet

_PAGE_LENGTH: Final = 20


@dataclass(frozen=True)
class Purchases:
    """A page of paid orders; `older` is the reference before which the next page begins, if there is one."""

    orders: list[Order]
    older: str = ""


def of(viewer: Viewer, *, before: str = "") -> Purchases:
    """This will list the viewer's paid orders, those before the order `before` where that is one of his."""
    if viewer.is_nobody:
        return Purchases([])
    bought = Order.objects.bought_by(viewer)
    last = bought.filter(reference=before).first() if before else None
    if last is not None:
        bought = bought.filter(Q(paid_at__lt=last.paid_at) | Q(paid_at=last.paid_at, pk__lt=last.pk))
    found = list(with_titles(bought).order_by("-paid_at", "-id")[: _PAGE_LENGTH + 1])
    shown = found[:_PAGE_LENGTH]
    return Purchases(shown, older=shown[-1].reference if len(found) > _PAGE_LENGTH else "")


def with_titles(orders: OrderQuerySet) -> OrderQuerySet:
    """This will read along what a list says of each order's offer."""
    rows = orders.select_related("offer__video", "offer__collection")
    return rows.prefetch_related("offer__video__texts", "offer__collection__texts")
