"""Disputes in Stripe's dialect: read, listed, answered. Everyone else hears `Disputed`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing.models import DisputeAnswer
from billing.stripe.stripe_gateway import reading, speaking


@dataclass(frozen=True)
class Disputed:
    """A dispute at Stripe. `state` is Stripe's own word; `answer_key` names our row of the answer that the
    bank has, "" if it has none of ours.
    """

    id: str
    state: str
    amount_minor: int
    currency: str
    reason: str
    network_reason: str
    charge_id: str
    intent_id: str
    due_by: datetime | None
    is_charge_refundable: bool
    submissions: int
    answer_key: str
    opened_at: datetime


def retrieve(dispute_id: str) -> Disputed:
    """Read a dispute as it is now.

    :raises StripeUnavailable, StripeRefused: Stripe does not answer; there is no such dispute.
    """
    with reading() as client:
        return _disputed(client.v1.disputes.retrieve(dispute_id))


def between(since: datetime, until: datetime) -> Iterator[Disputed]:
    """Read the disputes opened then, newest first. Whole seconds count.

    Source: https://docs.stripe.com/api/disputes/list
    """
    params: Any = {"created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())}, "limit": 100}
    with reading() as client:
        for each in client.v1.disputes.list(params).auto_paging_iter():
            yield _disputed(each)


def answer(given: DisputeAnswer) -> Disputed:
    """Send evidence to the bank, or give the dispute up; neither can be taken back. Called again with the
    same row it returns the first answer.

    :raises StripeUnavailable, OutcomeUnknown, StripeRefused: as `stripe_gateway.charge` does.
    Source: https://docs.stripe.com/api/disputes/update, https://docs.stripe.com/api/disputes/close
    """
    dispute_id, options = given.dispute.dispute_id, {"idempotency_key": given.idempotency_key}
    with speaking() as client:
        disputes: Any = client.v1.disputes
        if given.kind == DisputeAnswer.Kind.ACCEPTANCE:
            return _disputed(disputes.close(dispute_id, {}, options))
        params = {
            "evidence": given.evidence,
            "submit": True,
            "metadata": {"answer": given.idempotency_key},
        }
        return _disputed(disputes.update(dispute_id, params, options))


def _disputed(found: Any) -> Disputed:
    details = found.evidence_details
    return Disputed(
        id=found.id,
        state=found.status,
        amount_minor=found.amount,
        currency=found.currency,
        reason=found.reason,
        network_reason=_network_reason(found),
        charge_id=_id(found.charge),
        intent_id=_id(found.payment_intent),
        due_by=datetime.fromtimestamp(details.due_by, tz=UTC) if details.due_by else None,
        is_charge_refundable=found.is_charge_refundable,
        submissions=details.submission_count,
        answer_key=getattr(found.metadata, "answer", None) or "",
        opened_at=datetime.fromtimestamp(found.created, tz=UTC),
    )


def _network_reason(found: Any) -> str:
    method = getattr(found, "payment_method_details", None)
    card = getattr(method, "card", None)
    return getattr(card, "network_reason_code", None) or ""


def _id(named: Any) -> str:
    """The id of an object that is named, or left out."""
    return named if isinstance(named, str) else (named.id if named else "")
