"""What mails about an order have in common: whom they go to, and what each of them tells."""

from typing import Any

from django.conf import settings

from accounts import mailing
from billing.models import Order


def facts(order: Order) -> dict[str, Any]:
    """This will name the order and what was bought; the addresses are of the language that is active."""
    target = order.offer.target
    return {
        "reference": order.reference,
        "title": target.title,
        "order_url": settings.SITE_URL + order.get_absolute_url(),
        "watch_url": settings.SITE_URL + target.get_absolute_url(),
    }


def put(order: Order, template: str, *, occasion: str, context: dict[str, Any]) -> None:
    """This will queue a mail to the buyer, in his language; one per order and occasion."""
    mailing.put(
        cause=f"{occasion}:{order.reference}",
        template=template,
        to=order.email,
        language=order.language,
        context=context,
    )


def ask_support(order: Order, template: str, *, occasion: str, context: dict[str, Any]) -> None:
    """This will queue a mail about the order to support, in the shop's language; likewise."""
    mailing.put(
        cause=f"{occasion}:{order.reference}",
        template=template,
        to=settings.SUPPORT_EMAIL,
        language=settings.LANGUAGE_CODE,
        context=context,
    )
