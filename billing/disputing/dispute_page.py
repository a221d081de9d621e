"""What the order's page says to the buyer of a dispute: whether he can watch, and what he can do."""

from django.utils.translation import gettext

from billing.models import Dispute, Order
from billing.refunding import access


def of(order: Order) -> dict[str, object]:
    """This will lay out the newest dispute that matters to the buyer; nothing where there is none.

    `is_taken` tells that it keeps him from watching.
    """
    disputes = order.disputes.exclude(state__in=[Dispute.State.WARNING_CLOSED, Dispute.State.PREVENTED])
    dispute = disputes.order_by("-id").first()
    if dispute is None:
        return {}
    is_taken = access.is_ended_by_dispute(order)
    return {"dispute": {"sentence": _sentence(dispute, is_taken=is_taken), "is_taken": is_taken}}


def taken(order: Order) -> str:
    """This will say why a bank keeps the buyer from watching what he paid for; "" where none does."""
    dispute = order.disputes.holding_money().order_by("-id").first()
    if dispute is None or not access.is_ended_by_dispute(order):
        return ""
    return _sentence(dispute, is_taken=True)


def _sentence(dispute: Dispute, *, is_taken: bool) -> str:
    amount = {"amount": dispute.amount_text}
    if dispute.state == Dispute.State.LOST:
        return (
            gettext("Your bank gave the %(amount)s back to the card. It can't be watched any more.") % amount
        )
    if dispute.state == Dispute.State.WON:
        return gettext("Your bank looked into this payment of %(amount)s and let it stand.") % amount
    if dispute.is_inquiry:
        return gettext("Your bank asks us about this payment of %(amount)s. You can go on watching.") % amount
    if is_taken:
        told = gettext(
            "Your bank has taken the %(amount)s back and looks into this payment. It can't be watched until "
            "the bank decides."
        )
    else:
        told = gettext(
            "Your bank has taken the %(amount)s back and looks into this payment. You can go on watching "
            "until it decides."
        )
    return f"{told % amount} {gettext('Was it a mistake? Ask your bank to drop the dispute.')}"
