from billing.admin import coupons, inbox, ledger, orders, refunds, selling

__all__ = ["coupons", "inbox", "ledger", "orders", "refunds", "selling"]
