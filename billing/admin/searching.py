"""Which orders staff means by what was typed: by its form, in one indexed column."""

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.models import normalize_email
from billing.models import Order
from billing.owning import days

OF_A_DAY_AT_MOST: Final = 1000


def of_buyer(term: str) -> Q:
    """This will say where in an order's own columns stands what its buyer names. Words narrow each other, as
    a card's last four digits and a day: one of the days when it was begun or paid, anywhere on Earth, since
    nobody told by whose clock.
    """
    found = Q()
    for word in term.split():
        day = days.read(word)
        found &= _in_its_column(word) if day is None else _on(day)
    return found


def begun_on(day: date) -> list[int]:
    """This will list the orders begun that day anywhere on Earth: newest first, and one too many.

    By an index of its own. With these bounds in the list's query PostgreSQL may walk that from its newest row
    down to the day.
    """
    begins, ends = days.anywhere(day, day)
    rows = Order.objects.filter(created_at__gte=begins, created_at__lt=ends).order_by("-created_at", "-id")
    return list(rows.values_list("pk", flat=True)[: OF_A_DAY_AT_MOST + 1])


def _in_its_column(word: str) -> Q:
    if "@" in word:
        return Q(email=normalize_email(word))
    if len(word) == 4 and word.isascii() and word.isdigit():
        return Q(card_last4=word)
    return Q(intent_id=word) if word.startswith("pi_") else Q(reference__startswith=word.lower())


def _on(day: date) -> Q:
    begins, ends = days.anywhere(day, day)
    begun = Q(created_at__gte=begins, created_at__lt=ends)
    return begun | Q(paid_at__gte=begins, paid_at__lt=ends)


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
