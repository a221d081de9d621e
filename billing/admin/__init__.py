from billing.admin import (
    coupons,
    disputes,
    fraud_warnings,
    guarding,
    inbox,
    ledger,
    memberships,
    orders,
    refunds,
    renewals,
    selling,
    taxes,
)

__all__ = [
    "coupons",
    "disputes",
    "fraud_warnings",
    "guarding",
    "inbox",
    "ledger",
    "memberships",
    "orders",
    "refunds",
    "renewals",
    "selling",
    "taxes",
]
