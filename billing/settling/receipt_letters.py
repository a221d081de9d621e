"""The mail that a sale, a renewal or the beginning of a trial brings: one per order."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Mail
from billing import order_letters
from billing.consenting import consents
from billing.models import Consent, Order
from billing.receipts import mailed_links


def send(order: Order, *, is_renewal: bool = False, at: datetime) -> None:
    """This will queue the receipt of an order that was paid just now. Again: nothing more."""
    _put(order, "receipt", _facts(order, is_renewal=is_renewal, at=at))


def send_anew(order: Order, *, is_renewal: bool, at: datetime) -> None:
    """This will send the receipt once more, to the address that was put right, with links that open.

    One that has not gone out yet goes there instead. Again, for the same correction: nothing more.
    """
    told = _facts(order, is_renewal=is_renewal, at=order.paid_at or at)
    first = Mail.objects.filter(cause=f"receipt:{order.reference}", to=order.email, sent_at=None)
    if first.update(context=told):
        return
    _put(order, f"receipt-again:{order.email_corrections}", told)


def _put(order: Order, occasion: str, told: dict[str, Any]) -> None:
    template = "trial-begun" if order.is_trial else "receipt"
    order_letters.put(order, template, occasion=occasion, context=told)


def _facts(order: Order, *, is_renewal: bool, at: datetime) -> dict[str, Any]:
    target = order.offer.target
    target.keep_texts(target.texts.all())  # the answer to Pay names the film too
    is_change = order.offer.is_membership and hasattr(order, "plan_change")
    poster = order.offer.video.poster if order.offer.video else None
    with translation.override(order.language):  # the addresses too are of one language each
        return {
            **order_letters.facts(order),
            "offer": str(order.offer.kind),
            "interval": str(order.offer.interval),
            "renews_at": _local(order.period.ends_at, order) if order.offer.is_membership else "",
            "total_text": order.total_text,
            "price_text": order.price.text if order.is_trial else "",
            "trial_days": order.trial_days,
            "discount_text": order.discount_text if order.discount_minor else "",
            "paid_at": _local(at, order),
            "receipt_url": mailed_links.link_to(order),
            "poster": settings.SITE_URL + poster.url if poster else "",
            "seller": settings.SELLER_NAME,
            "agreed": _agreed(order),
            "credit_text": order.credit_text,
            "is_renewal": "yes" if is_renewal or is_change else "",
        }


def _agreed(order: Order) -> dict[str, str]:
    """The words that stood at the till, which the receipt repeats on paper that lasts."""
    consent: Consent | None = getattr(order, "consent", None)
    words = consents.words(consent) if consent else None
    if consent is None or words is None:
        return {}
    with translation.override(order.language):
        withdraw = reverse("billing:withdraw")
    given_at = consent.given_at.astimezone(ZoneInfo(order.time_zone))
    return {
        "notice": words.notice,
        "box": words.box if consent.wanted_at_once else "",
        "given_at": f"{given_at:%Y-%m-%d %H:%M} ({order.time_zone})",
        "edition": consent.edition,
        "withdraw_url": f"{settings.SITE_URL}{withdraw}?order={order.reference}",
    }


def _local(instant: datetime, order: Order) -> str:
    return instant.astimezone(ZoneInfo(order.time_zone)).isoformat()
