"""Early fraud warnings in Stripe's dialect: read and listed. Everyone else hears `Warned`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing.stripe.stripe_gateway import reading


@dataclass(frozen=True)
class Warned:
    """An issuer's word at Stripe; `fraud_type` is Stripe's own."""

    id: str
    fraud_type: str
    is_actionable: bool
    charge_id: str
    intent_id: str
    warned_at: datetime


def retrieve(warning_id: str) -> Warned:
    """Read a warning as it is now.

    :raises StripeUnavailable, StripeRefused: Stripe does not answer; there is no such warning.
    """
    with reading() as client:
        return _warned(client.v1.radar.early_fraud_warnings.retrieve(warning_id))


def between(since: datetime, until: datetime) -> Iterator[Warned]:
    """Read the warnings given then, newest first. Whole seconds count.

    Source: https://docs.stripe.com/api/radar/early_fraud_warnings/list
    """
    params: Any = {"created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())}, "limit": 100}
    with reading() as client:
        for each in client.v1.radar.early_fraud_warnings.list(params).auto_paging_iter():
            yield _warned(each)


def _warned(found: Any) -> Warned:
    intent = getattr(found, "payment_intent", None)
    return Warned(
        id=found.id,
        fraud_type=found.fraud_type,
        is_actionable=found.actionable,
        charge_id=found.charge if isinstance(found.charge, str) else found.charge.id,
        intent_id=intent if isinstance(intent, str) else (intent.id if intent else ""),
        warned_at=datetime.fromtimestamp(found.created, tz=UTC),
    )
