"""A span is reconciled in parts by how much moved in it: a quiet year is one, a busy day several."""

from datetime import timedelta

import pytest

from billing.books import balance
from billing.models import BalanceTransaction
from billing.reconciling import reconciliation
from tests.moments import later
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

A_YEAR = timedelta(days=365)


def _keep(*seconds_ago: int) -> None:
    """Movements that Stripe knows nothing of, so that each that is looked at is named."""
    now = later(0).replace(microsecond=0)
    for number, ago in enumerate(seconds_ago):
        moved = BalanceTransaction(
            transaction_id=f"txn_{number}",
            type="payout",
            category="payout",
            source_amount_minor=-1,
            source_currency="usd",
            amount_minor=-1,
            fee_minor=0,
            net_minor=-1,
            currency="usd",
            created_at=now - timedelta(seconds=ago),
        )
        balance.keep([moved])


def _reconcile() -> list[str]:
    found = reconciliation.reconcile(since=later(0) - A_YEAR, until=later(60), at=later(0))
    return [each.what.partition("(")[2].partition(")")[0] for each in found]


def _lists_read(world: World) -> int:
    paths = [each["path"] for each in world.report(only="requests")["requests"]]
    return sum(path.startswith("/v1/balance_transactions?") for path in paths)


def test_a_quiet_year_reads_each_list_once(world: World) -> None:
    _keep(30_000_000, 2_000_000, 1)

    assert sorted(_reconcile()) == ["txn_0", "txn_1", "txn_2"]

    assert _lists_read(world) == 1


def test_what_would_be_too_much_at_once_is_cut_and_nothing_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where more than that moved within one second, which cannot be cut."""
    _keep(9000, 8000, 7000, 6000, 6000, 6000, 5000)
    monkeypatch.setattr(reconciliation, "_MOVED_AT_ONCE", 2)

    found = _reconcile()

    assert [sorted(found[:2]), found[2], sorted(found[3:6]), found[6]] == [
        ["txn_0", "txn_1"],
        "txn_2",
        ["txn_3", "txn_4", "txn_5"],
        "txn_6",
    ]
    assert len(found) == 7
    assert _lists_read(world) == 4
