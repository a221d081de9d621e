"""Prices as versions: a change retires the old row and adds a new one, so that sold orders keep theirs."""

from datetime import datetime

from django.db import transaction

from videos import money
from videos.models import Offer, Price


@transaction.atomic
def change(offer: Offer, *, currency: str, amount_minor: int, at: datetime) -> Price:
    """This will sell the offer at `amount_minor` from now on. The same amount again changes nothing.

    :raises money.BadAmount: the amount cannot be charged in this currency.
    """
    money.check_amount(amount_minor, currency)
    Offer.objects.select_for_update().get(pk=offer.pk)
    current = Price.objects.filter(offer=offer, currency=currency, retired_at=None).first()
    if current and current.amount_minor == amount_minor:
        return current
    if current:
        retire(current, at=at)
    return Price.objects.create(offer=offer, currency=currency, amount_minor=amount_minor)


def retire(price: Price, *, at: datetime) -> bool:
    """This will stop selling in this currency and return whether this call did it."""
    return bool(Price.objects.filter(pk=price.pk, retired_at=None).update(retired_at=at))
