"""Refunds in Stripe's dialect: asked for, read and listed. Everyone else hears `GivenBack`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from billing.models import Refund
from billing.stripe.stripe_gateway import reading, speaking

# Stripe's words for why; "fraudulent" puts the card on block lists, so only a bank's warning says it.
_REASONS: Final[dict[str, str]] = {
    Refund.Reason.BOUGHT_TWICE: "duplicate",
    Refund.Reason.FRAUDULENT: "fraudulent",
}
_STATES: Final[dict[str, str]] = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}


@dataclass(frozen=True)
class GivenBack:
    """A refund at Stripe: `state` is one of `Refund.State`; `key` names our row, "" if it is not ours."""

    id: str
    state: str
    amount_minor: int
    currency: str
    intent_id: str
    charge_id: str
    key: str
    failed_because: str


def create(refund: Refund) -> GivenBack:
    """Ask Stripe to give a sum back. Called again with the same row it returns the first answer.

    :raises StripeUnavailable, OutcomeUnknown, StripeRefused: as `stripe_gateway.charge` does.
    Source: https://docs.stripe.com/api/refunds/create
    """
    params: Any = {
        "payment_intent": refund.intent_id,
        "amount": refund.amount_minor,
        "reason": _REASONS.get(refund.reason, "requested_by_customer"),
        "metadata": {"refund": refund.idempotency_key},
    }
    with speaking() as client:
        return _given_back(client.v1.refunds.create(params, {"idempotency_key": refund.idempotency_key}))


def retrieve(refund_id: str) -> GivenBack:
    """Read a refund as it is now.

    :raises StripeUnavailable, StripeRefused: Stripe does not answer; there is no such refund.
    """
    with reading() as client:
        return _given_back(client.v1.refunds.retrieve(refund_id))


def of_intent(intent_id: str) -> list[GivenBack]:
    """Read all refunds of a payment, newest first."""
    return list(_listed({"payment_intent": intent_id}))


def of_charge(charge_id: str) -> list[GivenBack]:
    """Read all refunds of a charge, newest first."""
    return list(_listed({"charge": charge_id}))


def _listed(of: dict[str, str]) -> Iterator[GivenBack]:
    params: Any = {**of, "limit": 100}
    with reading() as client:
        for each in client.v1.refunds.list(params).auto_paging_iter():
            yield _given_back(each)


def _given_back(refund: Any) -> GivenBack:
    return GivenBack(
        id=refund.id,
        state=_STATES[refund.status],
        amount_minor=refund.amount,
        currency=refund.currency,
        intent_id=refund.payment_intent or "",
        charge_id=refund.charge or "",
        key=getattr(refund.metadata, "refund", None) or "",
        failed_because=getattr(refund, "failure_reason", None) or "",
    )
