"""Which orders staff means by what was typed: by its form, in one indexed column."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import normalize_email
from billing.models import Order


def order(term: str) -> QuerySet[Order, Any]:
    """This will find the ids of the orders of an address, or of the one of a whole reference."""
    its = {"email": normalize_email(term)} if "@" in term else {"reference": term.lower()}
    return Order.objects.filter(**its).values("id")


def orders(term: str) -> QuerySet[Order, Any]:
    """This will find them by the beginning of a reference too, and by Stripe's pi_…."""
    if "@" in term:
        return order(term)
    its = {"intent_id": term} if term.startswith("pi_") else {"reference__startswith": term.lower()}
    return Order.objects.filter(**its).values("id")


def by_id_of_stripe(term: str, columns: dict[str, str]) -> Q | None:
    """This will say in which of a table's own columns Stripe's id stands, by its prefix; None for what is no
    such id.
    """
    if "@" in term:
        return None
    return next((Q(**{name: term}) for prefix, name in columns.items() if term.startswith(prefix)), None)
