"""Mails about disputes: to support when the bank asks, to the buyer when it takes the money and decides."""

from typing import Any, Final

from django.conf import settings
from django.utils import formats, translation

from billing import order_letters
from billing.models import Dispute, Order
from billing.refunding import access

_VERDICTS: Final = (Dispute.State.WON, Dispute.State.LOST)


def tell(order: Order, dispute: Dispute, *, was: str) -> None:
    """This will queue the mails that belong to where a dispute has come to from `was`, "" for its beginning.

    One mail per dispute and occasion. An inquiry takes nothing from the buyer, so he is not told of it.
    """
    if dispute.is_contested:
        _ask_support(order, dispute, occasion="dispute")
        _put("dispute", order, dispute)
    elif not dispute.is_closed:
        _ask_support(order, dispute, occasion="inquiry")
    elif dispute.state in _VERDICTS:
        _put("dispute-ended", order, dispute, verdict=f":{dispute.state}")


def _ask_support(order: Order, dispute: Dispute, *, occasion: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        context = _facts(order, dispute) | {
            "reason": dispute.reason,
            "is_inquiry": dispute.is_inquiry,
            "due": formats.date_format(dispute.due_by, "DATETIME_FORMAT") + " UTC" if dispute.due_by else "",
            "office_url": f"{settings.SITE_URL}/admin/billing/dispute/{dispute.pk}/change/",
        }
    occasion = f"{occasion}-office:{dispute.dispute_id}"
    order_letters.ask_support(order, "dispute-office", occasion=occasion, context=context)


def _put(template: str, order: Order, dispute: Dispute, *, verdict: str = "") -> None:
    with translation.override(order.language):
        context = _facts(order, dispute) | {
            "is_won": dispute.state == Dispute.State.WON,
            "may_watch": not access.is_ended(order) and not access.is_ended_by_dispute(order),
        }
    occasion = f"{template}{verdict}:{dispute.dispute_id}"
    order_letters.put(order, template, occasion=occasion, context=context)


def _facts(order: Order, dispute: Dispute) -> dict[str, Any]:
    return {
        **order_letters.facts(order),
        "amount_text": dispute.amount_text,
        "seller": settings.SELLER_NAME,
        "support_email": settings.SUPPORT_EMAIL,
    }
