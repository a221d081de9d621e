"""The refund rules agree with the decisions that were made by hand, and need every one of themselves to do so."""

import dataclasses
from collections import Counter

import pytest

from billing.refunding import rule_table, rules
from billing.refunding.cases import Kind
from billing.refunding.rulebook import Rulebook
from tests.billing import refund_rows
from tests.billing.refund_rows import Row

RULEBOOK = rule_table.VERSIONS[-1]
ROWS = refund_rows.every_row()


@pytest.mark.parametrize("kind", Kind)
def test_each_row_is_decided_as_by_hand(kind: Kind) -> None:
    assert _complaints(RULEBOOK, refund_rows.rows(kind)) == []


def _complaints(rulebook: Rulebook, rows: list[Row]) -> list[str]:
    return [complaint for row in rows if (complaint := _complaint(rulebook, row))]


def _complaint(rulebook: Rulebook, row: Row) -> str:
    try:
        return row.complaint(rules.decide(row.case, rulebook, at=row.at))
    except rules.NoRule as error:
        return f"{row.id}: {error}"
