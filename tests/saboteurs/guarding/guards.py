"""Guards of the gate, to be taken away; see `taking_away`."""

from datetime import UTC, datetime
from typing import Any

from django.core import signing

from billing.guarding import gate, velocity, work
from billing.models.guarding import HeatQuerySet
from tests.saboteurs.taking_away import credulous_signing, instead


def _count_in_two_steps(
    rows: HeatQuerySet, keys: list[str], by: int, *, since: datetime, **_: Any
) -> dict[str, int]:
    found = list(rows.filter(key__in=keys, since=since))
    for row in found:
        row.count += by
        row.save()
    return {row.key: row.count for row in found}


heat_is_counted_in_two_steps = instead(HeatQuerySet, "add", _count_in_two_steps)
it_is_never_hot = instead(gate, "_count", lambda limits, at: 0)
sales_are_not_counted = instead(velocity, "of_sale", lambda **what: {"quiet": 10**6})
free_orders_are_not_counted = instead(velocity, "of_free_order", lambda **what: {"quiet": 10**6})
links_are_not_counted = instead(velocity, "of_link", lambda **what: {"quiet": 10**6})
no_hash_is_looked_at = instead(work, "_fits", lambda text: True)
_real_is_done = work.is_done


def _is_done_for_any(given: work.Work, *, nonce: str, attempt: int, at: datetime) -> bool:
    """What the task was set for is believed of whoever brings it."""
    if not given.token:
        return False
    claims: dict[str, Any] = signing.loads(given.token, salt=work._SALT)
    return _real_is_done(given, nonce=claims["nonce"], attempt=claims["attempt"], at=at)


def _is_done_at_any_time(given: work.Work, *, nonce: str, attempt: int, at: datetime) -> bool:
    return _real_is_done(given, nonce=nonce, attempt=attempt, at=datetime(2000, 1, 1, tzinfo=UTC))


work_is_for_any_attempt = instead(work, "is_done", _is_done_for_any)
work_never_expires = instead(work, "is_done", _is_done_at_any_time)


any_task_is_ours = instead(work, "signing", credulous_signing)
