"""What the order's page says about refunds: those there are, and what the buyer would get for each reason."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Order, Refund
from billing.refunding import access, asking, refund_sentences
from billing.refunding.asking import Prospect
from billing.refunding.cases import Reason
from videos import money

_REASONS: dict[Reason, Promise] = {
    Reason.CHANGED_MIND: _("I don't want it any more"),
    Reason.DOES_NOT_PLAY: _("It doesn't play"),
    Reason.NOT_AS_DESCRIBED: _("It isn't what was described"),
    Reason.UNAUTHORISED: _("Somebody else used my card"),
    Reason.OTHER: _("Another reason"),
}
_STATES: dict[str, Promise] = {
    Refund.State.SENT: _("We are asking your bank to take it back. We mail you when it does."),
    Refund.State.PENDING: _("It is on its way to your card."),
    Refund.State.SUCCEEDED: _("It went to your card. Banks take five to ten days to show it."),
    Refund.State.FAILED: _("Your bank sent it back. Write to us and we find another way."),
    Refund.State.REFUSED: _("It could not be given back. Write to us and we look into it."),
}


@dataclass(frozen=True)
class Choice:
    """A reason to choose, and what would come of it."""

    reason: str
    label: Promise
    sentence: str
    rule: Promise | str
    consequence: Promise | str
    shown_minor: int
    button: str


def of(order: Order, *, at: datetime) -> dict[str, object]:
    """This will lay out an order's refunds; the choices are empty where there is nothing to ask for."""
    if not order.is_paid:
        return {}
    return {
        "refunds": [(refund, _STATES[refund.state]) for refund in order.refunds.order_by("number")],
        "choices": []
        if order.is_refunded or order.disputes.lost().exists()
        else [_choice(order, each) for each in asking.prospects(order, at=at)],
        "is_ended": access.is_ended(order),
    }


def told(order: Order, refund: Refund | None) -> str:
    """This will say what came of asking."""
    if refund is None:
        return gettext("We have your message and answer by e-mail. Nothing changes until then.")
    amount = {"amount": refund.amount_text}
    if refund.state in (Refund.State.REFUSED, Refund.State.FAILED):
        return gettext("%(amount)s could not be given back. Write to us and we look into it.") % amount
    if refund.state == Refund.State.SENT:
        return (
            gettext(
                "%(amount)s goes back to your card. Your bank has not answered yet; we mail you when it does."
            )
            % amount
        )
    return gettext("%(amount)s goes back to your card. Banks take five to ten days to show it.") % amount


def _choice(order: Order, prospect: Prospect) -> Choice:
    decision = prospect.decision
    return Choice(
        reason=prospect.reason,
        label=_REASONS[prospect.reason],
        sentence=refund_sentences.answer(decision, time_zone=order.time_zone),
        rule=refund_sentences.rule(decision.rule),
        consequence=refund_sentences.consequence(decision) if prospect.amount_minor else "",
        shown_minor=prospect.amount_minor,
        button=_button(order, prospect),
    )


def _button(order: Order, prospect: Prospect) -> str:
    if not prospect.is_possible:
        return ""
    if prospect.is_for_a_person:
        return gettext("Ask us")
    return gettext("Get %(amount)s back") % {
        "amount": money.format_amount(prospect.amount_minor, order.currency)
    }
