"""What the rules of today decide of a case."""

import dataclasses
from datetime import timedelta
from typing import Any, Final

from billing.refunding import rule_table, rules
from billing.refunding.cases import RefundCase
from billing.refunding.decisions import Decision
from billing.refunding.rulebook import Rulebook

RULEBOOK: Final = rule_table.VERSIONS[-1]


def decided(case: RefundCase, delay: timedelta, rulebook: Rulebook = RULEBOOK) -> Decision:
    return rules.decide(case, rulebook, at=case.paid_at + delay)


def but(case: RefundCase, **changes: Any) -> RefundCase:
    return dataclasses.replace(case, **changes)
