from billing.admin import coupons, disputes, inbox, ledger, orders, refunds, selling

__all__ = ["coupons", "disputes", "inbox", "ledger", "orders", "refunds", "selling"]
