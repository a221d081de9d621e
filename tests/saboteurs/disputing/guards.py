"""Guards of disputes and warnings, to be taken away; see `taking_away`."""

import secrets
from copy import copy
from datetime import datetime
from typing import Any

from billing.admin import refunds as refunds_office
from billing.admin.disputes import DisputeAdmin
from billing.disputing import answers, dispute_outcomes
from billing.models import Dispute, DisputeAnswer
from billing.models.disputes import DisputeQuerySet
from billing.refunding import access
from billing.stripe import stripe_disputes
from billing.stripe.stripe_disputes import Disputed
from tests.saboteurs.taking_away import instead, unconditionally


def _dispute_facts(dispute: Dispute, *, state: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return {"state": state, "closed_at": at if state in Dispute.CLOSED else None, **facts}


any_dispute_is_moved = instead(
    Dispute,
    "become",
    lambda self, state, at, **facts: unconditionally(_dispute_facts)(self, state=state, at=at, **facts),
)
any_news_of_disputes_is_new = instead(
    dispute_outcomes, "_NEXT", {state: set(Dispute.State.values) for state in Dispute.State.values}
)
any_dispute_is_claimed = instead(dispute_outcomes, "_claim", lambda dispute, at: True)
no_sweep_of_disputes = instead(dispute_outcomes, "sweep", lambda at: 0)
no_dispute_bars_refunds = instead(DisputeQuerySet, "barring_refunds", lambda rows: rows.none())
no_dispute_ends_anything = instead(access, "is_ended_by_dispute", lambda order: False)
_real_answer = stripe_disputes.answer


def _answer_anew(given: DisputeAnswer) -> Disputed:
    again = copy(given)
    again.idempotency_key += secrets.token_hex(4)
    return _real_answer(again)


no_answer_key = instead(stripe_disputes, "answer", _answer_anew)
no_sweep_of_answers = instead(answers, "sweep", lambda at: 0)
any_dispute_can_be_answered = instead(Dispute, "is_answerable", lambda self, at: True)
all_staff_may_answer = instead(DisputeAdmin, "has_answer_permission", lambda self, request: True)
anybody_calls_a_card_fraudulent = instead(refunds_office, "_is_warned_of", lambda order: True)
