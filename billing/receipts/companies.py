"""For whom an order was bought, where that is a company: named after the purchase, it is on its papers."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, Q, When

from billing.models import Company, MembershipPeriod, Order
from billing.taxing import tax_ids


class TooMany(Exception):
    """It was corrected too often already. Nothing was noted."""


@transaction.atomic
def name(order: Order, *, company: str, address: str, country: str, tax_id: str, at: datetime) -> Company:
    """This will put a company on the order's papers, or correct the one that is there.

    What was charged and the tax within stay as they are. The same again changes nothing.

    :raises tax_ids.NotATaxId: the number is none of this country; "" is no number and fine.
    :raises TooMany: nothing was noted.
    """
    facts = {
        "name": " ".join(company.split()),
        "address": "\n".join(filter(None, (" ".join(line.split()) for line in address.splitlines()))),
        "country": country,
        "tax_id": tax_ids.normal(tax_id, country) if tax_id.strip() else "",
    }
    Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    last = order.companies.order_by("-number").first()
    if last is not None and all(getattr(last, field) == value for field, value in facts.items()):
        return last
    number = last.number + 1 if last else 1
    if number > Company.AT_MOST:
        raise TooMany
    return Company.objects.create(order=order, number=number, given_at=at, **facts)


def of(order: Order) -> Company | None:
    """This will tell for whom an order was bought; a renewal is for whom the membership was by then."""
    named = Q(order=order)
    if order.offer.is_membership:
        membership = MembershipPeriod.objects.filter(order=order).values("membership")
        named |= Q(order__period__membership__in=membership, given_at__lte=order.paid_at or order.created_at)
    is_its_own = Case(When(order=order, then=0), default=1)
    return Company.objects.filter(named).order_by(is_its_own, "-given_at", "-number").first()
