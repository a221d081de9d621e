"""Mails about refunds: one when the money goes, one if it does not, one to support where a person decides."""

from typing import Any

from django.conf import settings
from django.utils import translation

from billing import order_letters
from billing.models import Order, Refund
from billing.receipts import mailed_links
from billing.refunding import access, refund_sentences


def tell(order: Order, refund: Refund, *, was_sent: bool) -> None:
    """This will queue the mail that belongs to where the refund has come to; one per refund and outcome.

    `was_sent` tells that this is the first answer: a refund on its way is confirmed then, not twice.
    """
    if refund.is_live and was_sent:
        _put("refund", order, refund)
    elif not refund.is_live:
        _put("refund-failed", order, refund)


def ask_support(order: Order, *, reason: Refund.Reason, words: str, rule: str) -> None:
    """This will queue a mail that asks the operator to decide; one per order, however often it is asked."""
    with translation.override(settings.LANGUAGE_CODE):
        context = _facts(order) | {
            "email": order.email,
            "reason": str(reason.label),
            "rule": str(refund_sentences.rule(rule)),
            "words": words,
            "office_url": f"{settings.SITE_URL}/admin/billing/order/{order.pk}/change/",
        }
    order_letters.ask_support(order, "refund-request", occasion="refund-request", context=context)


def _put(template: str, order: Order, refund: Refund) -> None:
    with translation.override(order.language):
        context = _facts(order) | {
            "amount_text": refund.amount_text,
            "receipt_url": mailed_links.link_to(order),
            "ends_access": access.is_ended(order) or access.is_ended_by_dispute(order),
            "is_bought_twice": refund.reason == Refund.Reason.BOUGHT_TWICE,
            "has_left": refund.reason == Refund.Reason.TAKEN_DOWN,
            "rule": str(refund_sentences.rule(refund.rule)) if refund.rule else "",
        }
    order_letters.put(order, template, occasion=f"{template}:{refund.number}", context=context)


def _facts(order: Order) -> dict[str, Any]:
    return {
        **order_letters.facts(order),
        "total_text": order.total_text,
        "seller": settings.SELLER_NAME,
        "support_email": settings.SUPPORT_EMAIL,
    }
